// SPDX-License-Identifier: MPL-2.0
#include "audit_records.h"

#include "words.h"

namespace ddns_hook
{

namespace
{

std::vector<uint8_t> octets(const uint8_t *data, size_t len)
{
    return data == nullptr ? std::vector<uint8_t>()
                           : std::vector<uint8_t>(data, data + len);
}

Finding finding_of(const ddns_finding &from)
{
    Finding finding = {
        from.kind, from.direction, from.conflict, from.address, from.owner, {}, {}, {}
    };

    if (from.target != nullptr) {
        finding.target = from.target;
    }
    if (from.found_target != nullptr) {
        finding.found = from.found_target;
    } else if (from.found.len != 0) {
        finding.found = text_of(from.found);
    }
    finding.dhcid = octets(from.dhcid, from.dhcid_len);
    return finding;
}

template <typename Item, typename Copy> void copy_into(void *user, Copy copy)
{
    auto &copies = *static_cast<Copies<Item> *>(user);

    try {
        copies.list.push_back(copy());
    } catch (...) {
        copies.complete = false;
    }
}

} // namespace

ddns_finding view_of(const Finding &finding)
{
    ddns_finding view = {};

    view.kind = finding.kind;
    view.direction = finding.direction;
    view.claim = SIZE_MAX;
    view.conflict = finding.conflict;
    view.owner = finding.owner.c_str();
    view.address = finding.address;
    view.target = finding.direction == DDNS_REVERSE ? finding.target.c_str() : nullptr;
    view.dhcid = finding.dhcid.empty() ? nullptr : finding.dhcid.data();
    view.dhcid_len = finding.dhcid.size();
    return view;
}

std::vector<ddns_claim> view_of(const std::vector<Claim> &claims)
{
    std::vector<ddns_claim> views;

    views.reserve(claims.size());
    for (const Claim &claim : claims) {
        views.push_back(claim.view);
        views.back().fqdn = claim.fqdn.c_str();
        views.back().dhcid = claim.dhcid.empty() ? nullptr : claim.dhcid.data();
    }
    return views;
}

extern "C" void copy_claim(void *user, const ddns_claim *claim) noexcept
{
    copy_into<Claim>(user, [claim] {
        return Claim{ *claim, claim->fqdn, octets(claim->dhcid, claim->dhcid_len) };
    });
}

extern "C" void copy_finding(void *user, const ddns_finding *finding) noexcept
{
    copy_into<Finding>(user, [finding] { return finding_of(*finding); });
}

} // namespace ddns_hook
