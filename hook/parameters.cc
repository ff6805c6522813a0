// SPDX-License-Identifier: MPL-2.0
#include "parameters.h"

#include "log.h"
#include "settings.h"

#include <algorithm>
#include <utility>

using isc::data::ConstElementPtr;
using isc::data::Element;

namespace ddns_hook
{

namespace
{

const char *name_of(Element::types type)
{
    switch (type) {
    case Element::integer:
        return "an integer";
    case Element::string:
        return "a string";
    case Element::list:
        return "a list";
    default:
        return "a map";
    }
}

[[noreturn]] void fail_at(const std::string &place, const std::string &what,
                          const ConstElementPtr &element)
{
    std::string message = (place.empty() ? "parameters" : place) + ": " + what;

    if (element && element->getPosition().line_ != 0) {
        message += " (" + element->getPosition().str() + ")";
    }
    throw SettingsError(message);
}

} // namespace

std::string quoted(const std::string &text)
{
    return "\"" + printable(text) + "\"";
}

Parameters::Parameters(ConstElementPtr element, std::string place)
    : element_(std::move(element)), place_(std::move(place))
{
    if (!element_ || element_->getType() != Element::map) {
        fail_at(place_, "must be a map", element_);
    }
}

void Parameters::accept_only(const std::vector<std::string> &keywords) const
{
    for (const auto &[keyword, value] : element_->mapValue()) {
        const bool known =
            keyword == "comment" || keyword == "user-context" ||
            std::find(keywords.begin(), keywords.end(), keyword) != keywords.end();

        if (!known) {
            fail_at(place_of(printable(keyword)), "unknown keyword", value);
        }
    }
}

bool Parameters::has(const std::string &keyword) const
{
    return element_->contains(keyword);
}

std::string Parameters::text(const std::string &keyword) const
{
    std::string value = text_or_empty(keyword);

    if (value.empty()) {
        fail(keyword, has(keyword) ? "must not be empty" : "is missing");
    }
    return value;
}

std::string Parameters::text_or_empty(const std::string &keyword) const
{
    const ConstElementPtr value = find(keyword, Element::string);

    if (!value) {
        return {};
    }
    if (value->stringValue().find('\0') != std::string::npos) {
        fail(keyword, "must not hold a NUL character");
    }
    return value->stringValue();
}

std::string Parameters::text_or_false(const std::string &keyword,
                                      const std::string &otherwise) const
{
    const ConstElementPtr value = element_->get(keyword);

    if (!value) {
        return otherwise;
    }
    if (value->getType() != Element::boolean) {
        return text(keyword);
    }
    if (value->boolValue()) {
        fail(keyword, "must be the path of a file, or false");
    }
    return {};
}

unsigned Parameters::number(const std::string &keyword, unsigned low, unsigned high,
                            unsigned otherwise) const
{
    const ConstElementPtr value = find(keyword, Element::integer);

    if (!value) {
        return otherwise;
    }

    const int64_t number = value->intValue();

    if (number < int64_t{ low } || number > int64_t{ high }) {
        fail(keyword, std::to_string(number) + " is not from " + std::to_string(low) +
                          " to " + std::to_string(high));
    }
    return static_cast<unsigned>(number);
}

std::optional<Parameters> Parameters::map(const std::string &keyword) const
{
    const ConstElementPtr value = find(keyword, Element::map);

    if (!value) {
        return std::nullopt;
    }
    return Parameters(value, place_of(keyword));
}

std::vector<Parameters> Parameters::maps(const std::string &keyword) const
{
    const ConstElementPtr value = find(keyword, Element::list);
    std::vector<Parameters> all;

    if (!value) {
        return all;
    }
    for (const ConstElementPtr one : value->listValue()) {
        all.emplace_back(one, place_of(keyword) + "[" + std::to_string(all.size()) + "]");
    }
    return all;
}

void Parameters::fail(const std::string &keyword, const std::string &what) const
{
    const ConstElementPtr value = element_->get(keyword);

    fail_at(place_of(keyword), what, value ? value : element_);
}

ConstElementPtr Parameters::find(const std::string &keyword, Element::types type) const
{
    ConstElementPtr value = element_->get(keyword);

    if (value && value->getType() != type) {
        fail(keyword, std::string("must be ") + name_of(type));
    }
    return value;
}

std::string Parameters::place_of(const std::string &keyword) const
{
    return place_.empty() ? keyword : place_ + "." + keyword;
}

} // namespace ddns_hook
