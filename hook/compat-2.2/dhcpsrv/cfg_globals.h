// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_COMPAT_CFG_GLOBALS_H
#define DDNS_HOOK_COMPAT_CFG_GLOBALS_H

/// Kea 2.2.0 does not install its dhcpsrv/cfg_globals.h, but the headers that
/// it does install include it.  These are the declarations they need, and no
/// more.  The class itself lives in libkea-dhcpsrv: what is written here must
/// describe that object, so members keep their order and numbers their value.
/// tests/hook/unit compares the numbers with the library.

#include <cc/cfg_to_element.h>
#include <cc/data.h>

#include <boost/shared_ptr.hpp>

#include <map>
#include <string>
#include <vector>

namespace isc
{
namespace dhcp
{

/// The global parameters of a configuration, by name or by number.
class CfgGlobals : public isc::data::CfgToElement
{
  public:
    /// Numbers of the parameters that Kea's inline functions look up.
    enum Index : int {
        VALID_LIFETIME = 0,
        MIN_VALID_LIFETIME = 1,
        MAX_VALID_LIFETIME = 2,
        RENEW_TIMER = 3,
        REBIND_TIMER = 4,
        RESERVATIONS_GLOBAL = 10,
        RESERVATIONS_IN_SUBNET = 11,
        RESERVATIONS_OUT_OF_POOL = 12,
        CALCULATE_TEE_TIMES = 13,
        T1_PERCENT = 14,
        T2_PERCENT = 15,
        HOSTNAME_CHAR_SET = 16,
        HOSTNAME_CHAR_REPLACEMENT = 17,
        DDNS_SEND_UPDATES = 18,
        DDNS_OVERRIDE_NO_UPDATE = 19,
        DDNS_OVERRIDE_CLIENT_UPDATE = 20,
        DDNS_REPLACE_CLIENT_NAME = 21,
        DDNS_GENERATED_PREFIX = 22,
        DDNS_QUALIFYING_SUFFIX = 23,
        STORE_EXTENDED_INFO = 24,
        CACHE_THRESHOLD = 27,
        CACHE_MAX_AGE = 28,
        DDNS_UPDATE_ON_RENEW = 32,
        DDNS_USE_CONFLICT_RESOLUTION = 33,
        MATCH_CLIENT_ID = 36,
        AUTHORITATIVE = 37,
        NEXT_SERVER = 38,
        SERVER_HOSTNAME = 39,
        BOOT_FILE_NAME = 40,
        PREFERRED_LIFETIME = 42,
        MIN_PREFERRED_LIFETIME = 43,
        MAX_PREFERRED_LIFETIME = 44,
    };

    /// The number of every parameter.
    static const std::map<std::string, int> nameToIndex;

    /// The parameter's value; null when it is not set.
    isc::data::ConstElementPtr get(const std::string &name) const;
    isc::data::ConstElementPtr get(int index) const;

    void set(const std::string &name, isc::data::ConstElementPtr value);
    void clear();

    isc::data::ElementPtr toElement() const;

  protected:
    std::vector<isc::data::ConstElementPtr> values_;
};

typedef boost::shared_ptr<CfgGlobals> CfgGlobalsPtr;
typedef boost::shared_ptr<const CfgGlobals> ConstCfgGlobalsPtr;

} // namespace dhcp
} // namespace isc

#endif
