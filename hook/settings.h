// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_SETTINGS_H
#define DDNS_HOOK_SETTINGS_H

#include <cc/data.h>
#include <settings/settings.h>

#include <stdexcept>

namespace ddns_hook
{

/// The parameters are wrong; what() is one sentence that begins with the place,
/// as in forward-ddns.ddns-domains[1].name, and never holds a secret.
class SettingsError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The library's parameters, read and checked.
class Settings
{
  public:
    /// None: there is no config.
    Settings() = default;
    /// Read @p parameters, which may be null.  Throws SettingsError.
    explicit Settings(const isc::data::ConstElementPtr &parameters);
    ~Settings();

    Settings(Settings &&other) noexcept;
    Settings &operator=(Settings &&other) noexcept;
    Settings(const Settings &) = delete;
    Settings &operator=(const Settings &) = delete;

    const settings *operator->() const
    {
        return &settings_;
    }
    const settings &operator*() const
    {
        return settings_;
    }

  private:
    settings settings_ = {};
};

} // namespace ddns_hook

#endif
