/* SPDX-License-Identifier: MPL-2.0 */
#ifndef SCENARIO_JUDGE_H
#define SCENARIO_JUDGE_H

#include "scenario/world.h"

/** Print each difference between the zone and what is wanted; returns how many. */
int judge(const struct world *w, uint64_t seed);

/** Does somebody want @p r, or something that explains it? */
bool judge_is_wanted(const struct world *w, const struct model_record *r);

/** Does the name of @p wish lead to its address? */
bool judge_leads_to(const struct world *w, const struct ddns_wish *wish);

#endif
