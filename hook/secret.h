// SPDX-License-Identifier: MPL-2.0
#ifndef DDNS_HOOK_SECRET_H
#define DDNS_HOOK_SECRET_H

#include <string>

namespace ddns_hook
{

/// Text that is wiped from memory when it goes.
class Secret
{
  public:
    explicit Secret(std::string text);
    ~Secret();

    Secret(const Secret &) = delete;
    Secret &operator=(const Secret &) = delete;

    const char *c_str() const;

  private:
    std::string text_;
};

/// The text of the file at @p path without the white space at its end.  Throws
/// std::runtime_error that says why the file cannot be read, and nothing of it.
Secret read_secret_file(const std::string &path);

} // namespace ddns_hook

#endif
