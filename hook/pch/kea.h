// SPDX-License-Identifier: MPL-2.0
//
// The headers that take most of the time to compile a file of the hook: compiled once for
// all of them.  Each file still includes what it uses.

#include <cc/command_interpreter.h>
#include <dhcpsrv/cfgmgr.h>
#include <dhcpsrv/lease_mgr_factory.h>
#include <hooks/hooks.h>
#include <log/macros.h>
