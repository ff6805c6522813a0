// SPDX-License-Identifier: MPL-2.0
#include "secret.h"

#include <criterion/criterion.h>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <stdexcept>
#include <string>

using ddns_hook::read_secret_file;

namespace
{

/// A file that goes with the test.
class TempFile
{
  public:
    explicit TempFile(const std::string &text)
    {
        char name[] = "/tmp/ddns-secret-XXXXXX";

        close(mkstemp(name));
        path_ = name;
        std::ofstream(path_) << text;
    }
    ~TempFile()
    {
        unlink(path_.c_str());
    }
    TempFile(const TempFile &) = delete;
    TempFile &operator=(const TempFile &) = delete;

    const std::string &path() const
    {
        return path_;
    }

  private:
    std::string path_;
};

std::string refusal_of(const std::string &path)
{
    try {
        read_secret_file(path);
    } catch (const std::runtime_error &why) {
        return why.what();
    }
    return "accepted";
}

} // namespace

Test(secret, white_space_at_the_end_of_the_file_is_not_part_of_it)
{
    for (const char *text : { "c2VjcmV0", "c2VjcmV0\n", "c2VjcmV0 \t\r\n\n" }) {
        const TempFile file(text);

        const auto secret = read_secret_file(file.path());

        cr_expect_str_eq(secret.c_str(), "c2VjcmV0");
    }
}

Test(secret, an_empty_file_is_an_empty_secret)
{
    for (const char *text : { "", "\n" }) {
        const TempFile file(text);

        const auto secret = read_secret_file(file.path());

        cr_expect_str_eq(secret.c_str(), "");
    }
}

Test(secret, what_is_no_plain_file_of_that_size_is_not_read)
{
    const TempFile large(std::string(4097, 'A'));
    const TempFile fifo("");

    unlink(fifo.path().c_str());
    cr_assert_eq(mkfifo(fifo.path().c_str(), 0600), 0);
    cr_expect(refusal_of(large.path()) == "too large for a secret");
    cr_expect(refusal_of(fifo.path()) == "not a regular file");
    cr_expect(refusal_of("/tmp") == "not a regular file");
    cr_expect(refusal_of("/nonexistent/key") == "No such file or directory");
}
