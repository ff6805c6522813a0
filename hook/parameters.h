// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_PARAMETERS_H
#define DDNS_HOOK_PARAMETERS_H

#include <cc/data.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ddns_hook
{

/// One map of the parameters, and the place where it stands.  Every function
/// throws SettingsError, naming that place, when the parameter is not as it
/// should be.
class Parameters
{
  public:
    Parameters(isc::data::ConstElementPtr element, std::string place);

    /// Refuse every keyword but @p keywords; "comment" and "user-context" may
    /// stand everywhere, as in Kea's own configuration.
    void accept_only(const std::vector<std::string> &keywords) const;

    bool has(const std::string &keyword) const;

    /// A string that must be there and must not be empty.
    std::string text(const std::string &keyword) const;

    /// A string that may be left out, which is the same as empty.
    std::string text_or_empty(const std::string &keyword) const;

    /// A string that is not empty, or false, for which it returns an empty one;
    /// @p otherwise when it is left out.
    std::string text_or_false(const std::string &keyword,
                              const std::string &otherwise) const;

    /// A number from @p low to @p high; @p otherwise when it is left out.
    unsigned number(const std::string &keyword, unsigned low, unsigned high,
                    unsigned otherwise) const;

    /// A map that may be left out.
    std::optional<Parameters> map(const std::string &keyword) const;

    /// The maps of a list; none when it is left out.
    std::vector<Parameters> maps(const std::string &keyword) const;

    /// Throw "place.keyword: what (file:line:column)".
    [[noreturn]] void fail(const std::string &keyword, const std::string &what) const;

  private:
    isc::data::ConstElementPtr find(const std::string &keyword,
                                    isc::data::Element::types type) const;
    std::string place_of(const std::string &keyword) const;

    isc::data::ConstElementPtr element_;
    std::string place_; ///< empty at the top
};

/// The text between quotes, fit for a log line.
std::string quoted(const std::string &text);

} // namespace ddns_hook

#endif
