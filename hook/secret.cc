// SPDX-License-Identifier: MPL-2.0
#include "secret.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ddns_hook
{

namespace
{

constexpr size_t max_secret = 4096; // HMAC keys are tens of octets

class File
{
  public:
    explicit File(int descriptor) : descriptor_(descriptor)
    {
    }
    ~File()
    {
        if (descriptor_ >= 0) {
            close(descriptor_);
        }
    }
    File(const File &) = delete;
    File &operator=(const File &) = delete;

    int descriptor() const
    {
        return descriptor_;
    }

  private:
    int descriptor_;
};

[[noreturn]] void fail_with_errno()
{
    throw std::runtime_error(std::generic_category().message(errno));
}

/// Anything but a regular file could block, or never end.
void check_regular(int descriptor)
{
    struct stat about = {};

    if (fstat(descriptor, &about) != 0) {
        fail_with_errno();
    }
    if (!S_ISREG(about.st_mode)) {
        throw std::runtime_error("not a regular file");
    }
    if (about.st_size > static_cast<off_t>(max_secret)) {
        throw std::runtime_error("too large for a secret");
    }
}

} // namespace

Secret::Secret(std::string text) : text_(std::move(text))
{
}

Secret::~Secret()
{
    explicit_bzero(text_.data(), text_.size());
}

const char *Secret::c_str() const
{
    return text_.c_str();
}

Secret read_secret_file(const std::string &path)
{
    const File file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));

    if (file.descriptor() < 0) {
        fail_with_errno();
    }
    check_regular(file.descriptor());

    std::string text(max_secret, '\0');
    const ssize_t got = read(file.descriptor(), text.data(), text.size());

    if (got < 0) {
        fail_with_errno();
    }
    text.resize(static_cast<size_t>(got)); // shrinking keeps the one buffer there is
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
    return Secret(std::move(text));
}

} // namespace ddns_hook
