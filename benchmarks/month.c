/* A month of many consumers in C: the yardstick of the compiled pass `agents/month.py`.
 *
 * Same algorithm, same columns, same draws, same order of every sum: states come out equal, bit for bit.
 * Compiled by the benchmark (`benchmarks/c_month.py`), which also writes `month_state.h` from the Python
 * declarations: structs of columns, accessors `columns_use(people, person, task)`, numbers of lines and states.
 */
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "month_state.h"

#define HOURS (1.0 / 60.0)
#define PER_WORD (1.0 / 65535.0)
#define GOLDEN 0x9E3779B97F4A7C15u
#define WORDS 4503599627370496.0
#define CHANNEL_TASTES (INT64_C(1) << 40)
#define INTENSITIES (INT64_C(1) << 41)

static inline double least(double a, double b) { return b < a ? b : a; }
static inline double most(double a, double b) { return b > a ? b : a; }
static inline double share_of(uint16_t word) { return word * PER_WORD; }
static inline uint16_t word_of(double share) { return (uint16_t)(share * 65535.0 + 0.5); }

/* ---- draws: hashes of addresses ------------------------------------------------------------------------ */

static inline uint64_t mix(uint64_t word)
{
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    return word ^ (word >> 31);
}

static inline uint64_t word(uint64_t key, uint64_t row, uint64_t column)
{
    return mix(key + row * 0xD6E8FEB86659FD93u + column * 0xA0761D6478BD642Fu + GOLDEN) >> 12;
}

static inline double uniform(uint64_t key, uint64_t row, uint64_t column)
{
    return ((double)word(key, row, column) + 0.5) / WORDS;
}

static inline uint64_t words_below(double share) { return least(WORDS, most(0.0, ceil(share * WORDS - 0.5))); }

static inline int64_t scatter(uint64_t identity) { return (int64_t)(mix(identity + GOLDEN) >> 33); }

static inline double gumbel(double draw)
{
    if (draw < 0.001953125 || draw > 0.998046875)
        return -log(-log(draw));
    double place = draw * 4096.0;
    int64_t row = (int64_t)place;
    return QUANTILES[row] + (place - row) * (QUANTILES[row + 1] - QUANTILES[row]);
}

/* ---- rules --------------------------------------------------------------------------------------------- */

static inline double logistic(double logits) { return 1.0 / (1.0 + exp(-logits)); }
static inline double role_clarity(double experience) { return 0.2 + 0.6 * experience; }

static inline double time_advantage(double staffed, double felt) { return (staffed - felt) / (staffed + felt); }

static inline double usefulness(double advantage, double weight, double money, double cost)
{
    return weight * advantage + 0.5 * money / cost;
}

static inline double own_minutes(double reference, double experience, double shortfall, const Behaviour *b)
{
    return reference * (1.0 + b->inexperience_minutes * (1.0 - experience))
           * (1.0 + b->shortfall_minutes * shortfall);
}

static inline double experience_after(double experience, double occasions, double success, double rate)
{
    return experience + rate * least(1.0, occasions) * success * (1.0 - experience);
}

static inline double grievance_after(double grievance, double hurt, double gain, double decay, double helped,
                                     double repair)
{
    double change = gain * hurt * (1.0 - grievance) - (decay + repair * helped) * grievance;
    return least(1.0, most(0.0, grievance + change));
}

static inline double peer_term(double self_serving, double unhappy, double effect, double word_of_mouth)
{
    return effect * (self_serving - word_of_mouth * unhappy - 0.5);
}

/* ---- the notes of a tile ------------------------------------------------------------------------------- */

typedef struct {
    /* for the whole month */
    double skill[TILE], noticed[TILE], time_weight[TILE], strain[TILE];
    int64_t epoch[TILE];
    uint8_t phase[TILE];
    uint32_t cell[TILE];
    uint32_t *seen_serving; /* TILE rows of neighbours */
    uint16_t *seen_mood;
    union {
        struct {
            double minutes[TILE], baseline[TILE], forced[TILE], given[TILE], avoided_now[TILE], waiting[TILE];
            double loss[TILE], resentment[TILE], blame[TILE], role[TILE];
            int32_t known[TILE], services[TILE], domains[TILE], rung[TILE];
            uint32_t mask[TILE];
            uint16_t mood[TILE];
            bool forgoes[TILE];
        };
        char sums[TILE * (10 * sizeof(double) + 5 * sizeof(int32_t) + sizeof(uint16_t) + sizeof(bool))];
    };
    /* for one sector */
    uint32_t firm[TILE], pair[TILE];
    uint8_t belongs[TILE];
    double grievance[TILE], trust[TILE], serving[TILE];
    union {
        struct {
            double sector_minutes[TILE], sector_baseline[TILE], sector_forced[TILE];
            double sector_gain[TILE], sector_hurt[TILE], sector_helped[TILE];
            uint32_t sector_mask[TILE];
        };
        char of_sector[TILE * (6 * sizeof(double) + sizeof(uint32_t))];
    };
    /* for one task */
    double *by_firm;
    uint64_t *below, words[TILE];
    uint8_t closed[TILE], covered[TILE], arises[TILE], withdrawn[TILE], looks[TILE], state[TILE];
    uint32_t of_pair[TILE];
    uint8_t of_cell[TILE];
    uint32_t due[TILE], own[TILE];
    /* for those who serve themselves, in the order of `own` */
    uint32_t channel[TILE], line[TILE];
    double experience[TILE], requirement[TILE], own_skill[TILE], own_noticed[TILE], occasions[TILE], today[TILE];
    double own_minutes[TILE], own_time[TILE], failures[TILE], gain[TILE], learnt[TILE];
} Tile;

/* What everybody sees this month. */
typedef struct {
    const Columns *people;
    const Pass *pass;
    const Offers *offers;
    const Behaviour *behaviour;
    const Work *work;
    const Moment *moment;
} World;

typedef struct {
    double skill, noticed, time_weight;
    int64_t epoch;
    double strain, grievance, trust;
} Mind;

/* ---- one consumer, one task ---------------------------------------------------------------------------- */

static inline double strain_of(const Columns *people, size_t person)
{
    if (people->business[person])
        return 0.0;
    double felt = people->felt_minutes[person], comfort = people->comfort_minutes[person], used = felt * felt;
    return used / (used + comfort * comfort);
}

static inline double grievance_of(const Columns *people, size_t person, size_t sector)
{
    return least(1.0, share_of(*columns_grievance(people, person, sector))
                          + share_of(*columns_attribution(people, person, sector)));
}

static inline bool has_access(const World *w, size_t person, int64_t kind)
{
    if (kind == 0)
        return true;
    return kind == 1 ? w->people->internet_rank[person] < w->moment->internet
                     : w->people->mobile_rank[person] < w->moment->mobile;
}

static inline double required_skill(const World *w, size_t person, size_t channel)
{
    return w->work->requirement[channel] - (w->people->business[person] ? w->behaviour->business_training : 0.0);
}

static inline double minutes_of_channel(const World *w, size_t person, size_t task, size_t channel, double skill)
{
    return own_minutes(w->work->minutes[channel] * w->moment->minutes_factor,
                       share_of(*columns_experience(w->people, person, task)),
                       most(0.0, required_skill(w, person, channel) - skill), w->behaviour);
}

static inline double monthly_occasions(const World *w, size_t person, size_t task)
{
    double occasions = w->work->occasions[task];
    return w->people->business[person] ? occasions * w->work->business_occasions[task] : occasions;
}

static double experience_below(const World *w, size_t person, size_t channel)
{
    int64_t level = w->work->co_design[channel];
    double best = 0.0;
    if (level == 0)
        return 0.0;
    for (size_t other = 0; other < w->work->co_design_rows; other++)
        if (w->work->co_design[other] == level - 1 && w->work->co_design[other] > 0)
            best = most(best, share_of(*columns_experience(w->people, person, w->work->channel_task[other])));
    return best;
}

static inline double motives_of(const World *w, size_t person, size_t channel)
{
    const Behaviour *b = w->behaviour;
    const Work *work = w->work;
    double motives = b->autonomy_weight * w->people->autonomy[person] * work->autonomy[channel];
    if (!w->people->business[person]) {
        motives += b->enjoyment_weight * w->people->enjoyment[person] * work->enjoyment[channel];
        motives += b->self_realisation_weight * w->people->self_realisation[person] * work->self_realisation[channel];
    }
    return motives;
}

static double channel_utility(const World *w, size_t person, size_t task, size_t channel, const Mind *mind,
                              double staffed)
{
    const Behaviour *b = w->behaviour;
    const Work *work = w->work;
    double requirement = required_skill(w, person, channel);
    double minutes = minutes_of_channel(w, person, task, channel, mind->skill);
    double advantage = time_advantage(staffed, mind->noticed * minutes);
    double useful = usefulness(advantage, mind->time_weight, 0.0, 1.0);
    double weight = work->channel_access[channel] == 0 ? b->ability_weight_kiosk : b->ability_weight_digital;
    double experience = share_of(*columns_experience(w->people, person, task));
    double able = weight * (mind->skill + b->experience_ability * experience - requirement)
                  + b->role_clarity_weight * (role_clarity(experience) - 0.5);
    double motives = motives_of(w, person, channel);
    if (work->co_design[channel] > 1)
        motives += b->ladder * experience_below(w, person, channel);
    double risk = -b->risk_weight * work->responsibility[channel] * (1.0 - mind->trust);
    return work->channel_intercept[channel] + b->usefulness_weight * useful + able + motives + risk;
}

static inline double habit(const World *w, size_t person, size_t task)
{
    uint8_t use = *columns_use(w->people, person, task);
    return AT_COUNTER < use && use < HELPED_USE ? w->behaviour->inertia : -w->behaviour->inertia;
}

static double common_utility(const World *w, size_t person, size_t task, const Mind *mind, double self_serving,
                             double unhappy)
{
    const Behaviour *b = w->behaviour;
    double contact = b->contact_weight;
    if (w->people->business[person])
        contact *= b->business_contact_factor;
    return w->work->intercept[task] + -contact * w->work->human_content[task] * w->people->need_for_contact[person]
           + peer_term(self_serving, unhappy, b->peer_effect, b->word_of_mouth) + habit(w, person, task)
           - b->overload_weight * mind->strain - b->grievance_weight * mind->grievance
           + b->readiness_spread * w->people->readiness[person] + w->moment->country_logits;
}

static double contribution_utility(const World *w, size_t person, size_t task, size_t channel, const Mind *mind,
                                   double doing_it)
{
    const Behaviour *b = w->behaviour;
    return w->work->intercept[task] + w->work->channel_intercept[channel] + motives_of(w, person, channel)
           + b->ability_weight_digital * (mind->skill - required_skill(w, person, channel))
           + peer_term(doing_it, 0.0, b->peer_effect, 0.0) + b->reach_weight * w->moment->internet
           + b->ladder * experience_below(w, person, channel) - b->overload_weight * mind->strain
           - b->grievance_weight * mind->grievance + b->readiness_spread * w->people->readiness[person]
           + w->moment->country_logits;
}

static double longer_queue_logits(const World *w, size_t person, size_t task, size_t channel, const Mind *mind,
                                  double today)
{
    double felt = mind->noticed * minutes_of_channel(w, person, task, channel, mind->skill);
    double gained = time_advantage(today, felt) - time_advantage(w->work->staffed_minutes[task], felt);
    return w->behaviour->usefulness_weight * usefulness(gained, mind->time_weight, 0.0, 1.0);
}

static inline double taste(const World *w, size_t person, size_t task, int64_t option, int64_t epoch)
{
    return gumbel(uniform(w->moment->taste_key, w->people->identity[person], (epoch * 32 + task) * 8 + option));
}

static inline double channel_taste(const World *w, size_t person, size_t channel, int64_t epoch)
{
    uint64_t address = CHANNEL_TASTES + epoch * 256 + channel;
    return w->behaviour->channel_taste * gumbel(uniform(w->moment->taste_key, w->people->identity[person], address));
}

/* ---- neighbours: what a tile has noted of them --------------------------------------------------------- */

static inline double share_serving(const uint32_t *seen, size_t width, size_t degree, unsigned task)
{
    uint32_t count = 0;
    for (size_t slot = 0; slot < width; slot++)
        count += seen[slot] >> task & 1;
    return degree ? (double)count / (double)degree : 0.5;
}

static inline double share_in_mood(const uint16_t *seen, size_t width, size_t degree, unsigned bit)
{
    uint32_t count = 0;
    for (size_t slot = 0; slot < width; slot++)
        count += seen[slot] >> bit & 1;
    return degree ? (double)count / (double)degree : 0.0;
}

/* ---- decisions ----------------------------------------------------------------------------------------- */

typedef struct {
    uint8_t use, reason;
    bool flees;
} Choice;

static Choice choose_at_open_counter(const World *w, size_t person, size_t firm, size_t task, const Mind *mind,
                                     int64_t channel, double utility)
{
    double money = *offers_discount(w->offers, firm, task) + *offers_fee(w->offers, firm, task);
    double paid = w->behaviour->usefulness_weight * usefulness(0.0, 0.5, money, w->work->staffed_cost[task]);
    double served = taste(w, person, task, 0, mind->epoch);
    double herself = utility + taste(w, person, task, 1, mind->epoch);
    if (herself + paid <= served)
        return (Choice){AT_COUNTER, 0, false};
    uint8_t reason = GLADLY;
    double unaccustomed = herself - habit(w, person, task);
    if (unaccustomed <= served && served < unaccustomed + paid)
        reason |= TIPPED_BY_PRICE;
    double today = *offers_staffed_minutes(w->offers, firm, task);
    if (herself + paid - longer_queue_logits(w, person, task, channel, mind, today) <= served)
        reason |= AGAINST_HER_WILL;
    return (Choice){channel - w->work->first_channel[task] + 1, reason, false};
}

static Choice choose_at_closed_counter(const World *w, size_t person, size_t firm, size_t task, const Mind *mind,
                                       int64_t channel, double utility)
{
    const Behaviour *b = w->behaviour;
    size_t sector = w->work->sector[task];
    double served = taste(w, person, task, 0, mind->epoch);
    double best = b->forgo_utility + taste(w, person, task, 4, mind->epoch);
    Choice choice = {FORGONE_USE, 0, false};
    uint64_t fallback = (mind->epoch * 32 + task) * 8 + 5;
    if (uniform(w->moment->taste_key, w->people->identity[person], fallback) < w->work->fallback[sector]) {
        double helped = b->help_utility + served;
        if (helped > best) {
            best = helped;
            choice.use = HELPED_USE;
        }
    }
    if (!w->work->captive[sector]) {
        double open = *pass_rivals_open(w->pass, firm, w->work->counter[task]);
        double tenure = w->moment->month - *columns_joined(w->people, person, sector);
        double away = open < 0.02 ? -1e9 : b->switch_utility - b->switching_cost * least(tenure, 120.0) / 12.0 + log(open);
        away += taste(w, person, task, 3, mind->epoch);
        if (away > best) {
            best = away;
            choice = (Choice){FORGONE_USE, 0, true};
        }
    }
    if (channel < 0)
        return choice;
    double discount = *offers_discount(w->offers, firm, task);
    double paid = b->usefulness_weight * usefulness(0.0, 0.5, discount, w->work->staffed_cost[task]);
    double autonomy = b->autonomy_weight * w->people->autonomy[person] * w->work->autonomy[channel];
    double lost = (1.0 - b->forced_autonomy) * autonomy;
    double herself = utility + paid - lost + taste(w, person, task, 1, mind->epoch);
    if (herself <= best)
        return choice;
    uint8_t reason = herself > served ? GLADLY : 0;
    double today = *offers_staffed_minutes(w->offers, firm, task);
    if (herself - longer_queue_logits(w, person, task, channel, mind, today) <= served)
        reason |= AGAINST_HER_WILL;
    return (Choice){channel - w->work->first_channel[task] + 1, reason, false};
}

static void decide(const World *w, size_t person, size_t firm, size_t task, const Mind *mind, unsigned covered,
                   bool withdrawn, double doing_it, double unhappy)
{
    int64_t best = -1, first = w->work->first_channel[task];
    double utility = -INFINITY, staffed = *offers_staffed_minutes(w->offers, firm, task);
    for (int64_t place = 0; place < w->work->n_channels[task]; place++) {
        int64_t channel = first + place;
        if (!(covered >> place & 1) || !has_access(w, person, w->work->channel_access[channel]))
            continue;
        double value = channel_utility(w, person, task, channel, mind, staffed);
        value += channel_taste(w, person, channel, mind->epoch);
        if (value > utility) {
            best = channel;
            utility = value;
        }
    }
    if (best >= 0)
        utility += common_utility(w, person, task, mind, doing_it, unhappy);
    Choice choice = {AT_COUNTER, 0, false};
    if (withdrawn)
        choice = choose_at_closed_counter(w, person, firm, task, mind, best, utility);
    else if (best >= 0)
        choice = choose_at_open_counter(w, person, firm, task, mind, best, utility);
    *columns_use(w->people, person, task) = choice.use;
    *columns_reason(w->people, person, task) = choice.reason;
    if (choice.flees)
        w->people->fleeing[person] |= 1 << w->work->sector[task];
}

static void decide_on_contributing(const World *w, size_t person, size_t task, const Mind *mind, unsigned covered,
                                   double doing_it)
{
    int64_t best = -1, first = w->work->first_channel[task];
    double utility = -INFINITY;
    *columns_use(w->people, person, task) = AT_COUNTER;
    *columns_reason(w->people, person, task) = 0;
    for (int64_t place = 0; place < w->work->n_channels[task]; place++) {
        int64_t channel = first + place;
        if (!(covered >> place & 1) || !has_access(w, person, w->work->channel_access[channel]))
            continue;
        double value = contribution_utility(w, person, task, channel, mind, doing_it);
        if (value > utility) {
            best = channel;
            utility = value;
        }
    }
    if (best < 0)
        return;
    double refrains = taste(w, person, task, 0, mind->epoch);
    if (utility + taste(w, person, task, 1, mind->epoch) > refrains) {
        *columns_use(w->people, person, task) = best - first + 1;
        *columns_reason(w->people, person, task) = GLADLY;
    }
}

/* ---- loops over a tile, one quantity at a time, without branches --------------------------------------- */

static void note_arising(size_t n, uint8_t *restrict arises, const uint8_t *restrict belongs,
                         const uint32_t *restrict eligible, unsigned task)
{
    for (size_t i = 0; i < n; i++)
        arises[i] = belongs[i] & (uint8_t)(eligible[i] >> task & 1);
}

static void note_looking(size_t n, uint8_t *restrict looks, uint8_t *restrict withdrawn, const uint8_t *restrict arises,
                         const uint8_t *restrict phase, const uint8_t *restrict use, const uint8_t *restrict covered,
                         const uint8_t *restrict closed, uint8_t due)
{
    for (size_t i = 0; i < n; i++) {
        int now = use[i], gone = closed[i] & (covered[i] != 0);
        int unreached = 1 - (covered[i] >> ((now - 1) & 7) & 1);
        int lost = now == AT_COUNTER ? gone : now >= HELPED_USE ? 1 - gone : unreached;
        int something_new = (now != AT_COUNTER) | (covered[i] != 0);
        withdrawn[i] = gone;
        looks[i] = ((phase[i] == due) | lost) & arises[i] & something_new;
    }
}

static void note_states(size_t n, uint8_t *restrict state, const uint8_t *restrict use,
                        const uint8_t *restrict covered, const uint8_t *restrict closed)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t way = (use[i] == HELPED_USE ? HELPED_STATE : 0) | (use[i] == FORGONE_USE ? FORGONE_STATE : 0);
        state[i] = way | (covered[i] ? OFFERED_BIT : 0) | (closed[i] ? CLOSED_BIT : 0);
    }
}

static void note_own(size_t n, uint8_t *restrict is_own, const uint8_t *restrict use, const uint8_t *restrict arises)
{
    for (size_t i = 0; i < n; i++)
        is_own[i] = arises[i] & (use[i] > AT_COUNTER) & (use[i] < HELPED_USE);
}

static void grow_older(size_t n, uint8_t *restrict idle, const uint8_t *restrict arises)
{
    for (size_t i = 0; i < n; i++)
        idle[i] += arises[i] & (idle[i] < 255);
}

static void add_experience(size_t n, int32_t *restrict known, int32_t *restrict services,
                           const uint16_t *restrict experience, const uint8_t *restrict arises)
{
    for (size_t i = 0; i < n; i++) {
        known[i] += experience[i] * arises[i];
        services[i] += arises[i];
    }
}

static void add_occasions(size_t n, double *restrict total, const uint8_t *restrict arises,
                          const uint8_t *restrict business, double private, double of_business)
{
    for (size_t i = 0; i < n; i++) {
        double occasions = business[i] ? of_business : private;
        total[i] += arises[i] ? occasions : 0.0;
    }
}

static void add_waiting(size_t n, double *restrict total, const double *restrict by_firm,
                        const uint32_t *restrict firm, const uint8_t *restrict closed, double far,
                        const uint8_t *restrict use, const uint8_t *restrict arises,
                        const uint8_t *restrict business, double private, double of_business)
{
    for (size_t i = 0; i < n; i++) {
        double occasions = business[i] ? of_business : private;
        double waiting = by_firm[firm[i]] + (closed[i] ? far : 0.0);
        int served = ((use[i] == AT_COUNTER) | (use[i] == HELPED_USE)) & (arises[i] != 0);
        total[i] += served ? occasions * waiting : 0.0;
    }
}

static void note_grievance(size_t n, double *restrict grievance, const uint16_t *restrict fast,
                           const uint16_t *restrict slow)
{
    for (size_t i = 0; i < n; i++)
        grievance[i] = least(1.0, share_of(fast[i]) + share_of(slow[i]));
}

static void add(size_t n, double *restrict total, const double *restrict amounts)
{
    for (size_t i = 0; i < n; i++)
        total[i] += amounts[i];
}

/* ---- acting: a month of one task for a tile ------------------------------------------------------------ */

static inline Mind mind_in(const Tile *tile, size_t place)
{
    return (Mind){tile->skill[place],  tile->noticed[place],   tile->time_weight[place], tile->epoch[place],
                  tile->strain[place], tile->grievance[place], tile->trust[place]};
}

/* Set a bit of those whose draw lies below what holds for their firm. */
static void see_drawn(const World *w, size_t start, size_t count, Tile *tile, uint64_t key, size_t column,
                      uint8_t *restrict bits, uint8_t bit)
{
    const uint32_t *restrict identity = w->people->identity + start, *restrict firm = tile->firm;
    const uint64_t *restrict below = tile->below;
    uint64_t *restrict words = tile->words;
    for (size_t place = 0; place < count; place++)
        words[place] = word(key, identity[place], column);
    for (size_t place = 0; place < count; place++)
        bits[place] |= words[place] < below[firm[place]] ? bit : 0;
}

static void see_counter(const World *w, size_t start, size_t count, size_t task, Tile *tile)
{
    const Work *work = w->work;
    size_t counter = work->counter[task], sector = work->sector[task], first = work->first_firm[sector];
    memset(tile->closed, 0, count);
    if (work->contribution[task] || !w->pass->closed_somewhere[counter])
        return;
    for (size_t firm = first; firm < first + work->n_firms[sector]; firm++)
        tile->below[firm] = words_below(*offers_closed(w->offers, firm, counter));
    see_drawn(w, start, count, tile, w->moment->closed_key, counter, tile->closed, 1);
}

static void see_channels(const World *w, size_t start, size_t count, size_t sector, size_t task, Tile *tile)
{
    const Work *work = w->work;
    note_arising(count, tile->arises, tile->belongs, w->people->eligible + start, task);
    memset(tile->covered, 0, count);
    if (!w->pass->awake[task])
        return;
    for (int64_t number = 0; number < work->n_channels[task]; number++) {
        size_t channel = work->first_channel[task] + number, first = work->first_firm[sector];
        double smallest = 1.0, largest = 0.0;
        for (size_t firm = first; firm < first + work->n_firms[sector]; firm++) {
            double coverage = *offers_coverage(w->offers, firm, channel);
            smallest = least(smallest, coverage);
            largest = most(largest, coverage);
            tile->below[firm] = words_below(coverage);
        }
        if (largest <= 0.0)
            continue;
        if (smallest >= 1.0) {
            for (size_t place = 0; place < count; place++)
                tile->covered[place] |= 1 << number;
            continue;
        }
        see_drawn(w, start, count, tile, w->moment->covered_key, channel, tile->covered, 1 << number);
    }
}

/* List those of a tile who are marked; return how many. */
static size_t list_marked(size_t count, const uint8_t *restrict marked, uint32_t *restrict listed)
{
    uint32_t found = 0;
    for (uint32_t place = 0; place < count; place++) {
        listed[found] = place;
        found += marked[place];
    }
    return found;
}

static size_t list_due(const World *w, size_t start, size_t count, size_t task, Tile *tile)
{
    int64_t months = w->behaviour->reconsideration_months;
    note_looking(count, tile->looks, tile->withdrawn, tile->arises, tile->phase, columns_use(w->people, start, task),
                 tile->covered, tile->closed, (months - w->moment->clock[task]) % months);
    return w->pass->decides ? list_marked(count, tile->looks, tile->due) : 0;
}

static size_t list_own(const World *w, size_t start, size_t count, size_t task, Tile *tile)
{
    note_own(count, tile->looks, columns_use(w->people, start, task), tile->arises);
    return list_marked(count, tile->looks, tile->own);
}

static void count_states(const World *w, size_t start, size_t count, size_t sector, size_t task, Tile *tile,
                         const Counts *counts)
{
    const uint8_t *restrict idle = columns_digital_idle(w->people, start, task), *restrict state = tile->state;
    const uint32_t of_task = (task - w->work->first_task[sector]) * 2 * N_STATES;
    uint32_t *restrict pair = tile->of_pair, *by_cell = counts_cells(counts, task, 0, 0);
    uint8_t *restrict cell = tile->of_cell;
    for (size_t place = 0; place < count; place++) {
        uint8_t age = (idle[place] >= 3) + (idle[place] >= 12) + (idle[place] >= 36);
        pair[place] = tile->pair[place] + of_task + state[place];
        cell[place] = age * N_STATES + state[place];
    }
    for (size_t place = 0; place < count; place++) {
        uint32_t one = tile->arises[place];
        counts->pairs[pair[place]] += one;
        by_cell[tile->cell[place] * (4 * N_STATES) + cell[place]] += one;
    }
}

static void be_served(const World *w, size_t start, size_t count, size_t sector, size_t task, Tile *tile)
{
    const Work *work = w->work;
    const uint8_t *use = columns_use(w->people, start, task), *business = w->people->business + start;
    const double private = work->occasions[task], of_business = private * work->business_occasions[task];
    const double reference = work->staffed_minutes[task];
    const double far = w->behaviour->far_counter * 0.5 * work->way_share[task] * reference;
    const size_t first = work->first_firm[sector];
    note_states(count, tile->state, use, tile->covered, tile->closed);
    grow_older(count, columns_digital_idle(w->people, start, task), tile->arises);
    add_experience(count, tile->known, tile->services, columns_experience(w->people, start, task), tile->arises);
    add_occasions(count, tile->sector_baseline, tile->arises, business, private, of_business);
    for (size_t firm = first; firm < first + work->n_firms[sector]; firm++)
        tile->by_firm[firm] = *offers_staffed_minutes(w->offers, firm, task) - reference;
    add_waiting(count, tile->waiting, tile->by_firm, tile->firm, tile->closed, far, use, tile->arises, business,
                private, of_business);
    for (size_t place = 0; place < count; place++) {
        if (!tile->closed[place] || use[place] < HELPED_USE || !tile->arises[place])
            continue;
        double occasions = business[place] ? of_business : private;
        if (use[place] == FORGONE_USE) {
            tile->sector_hurt[place] += occasions * w->people->autonomy[start + place];
            tile->forgoes[place] = true;
        } else {
            tile->sector_helped[place] += occasions;
        }
    }
}

static void look_up_own(const World *w, size_t start, size_t own, size_t sector, size_t task, Tile *tile)
{
    const Work *work = w->work;
    const uint8_t *use = columns_use(w->people, start, task);
    const uint16_t *experience = columns_experience(w->people, start, task);
    const double private = work->occasions[task], of_business = private * work->business_occasions[task];
    for (size_t row = 0; row < own; row++) {
        size_t place = tile->own[row], channel = work->first_channel[task] + use[place] - 1;
        tile->channel[row] = channel;
        tile->line[row] = work->firm_channel[tile->firm[place]] + channel - work->sector_first_channel[sector];
        tile->experience[row] = share_of(experience[place]);
        tile->requirement[row] = required_skill(w, start + place, channel);
        tile->own_skill[row] = tile->skill[place];
        tile->own_noticed[row] = tile->noticed[place];
        tile->occasions[row] = w->people->business[start + place] ? of_business : private;
        tile->today[row] = *offers_staffed_minutes(w->offers, tile->firm[place], task);
    }
}

static void work_out_own(const World *w, size_t own, size_t task, Tile *tile)
{
    const Work *work = w->work;
    const double rebound = work->rebound[task];
    const double help = 0.5 * work->staffed_minutes[task] + w->behaviour->escalation_minutes;
    for (size_t row = 0; row < own; row++) {
        size_t channel = tile->channel[row];
        double occasions = tile->occasions[row], skill = tile->own_skill[row];
        double requirement = tile->requirement[row], experience = tile->experience[row];
        double served = occasions + occasions * rebound;
        double minutes = own_minutes(work->minutes[channel] * w->moment->minutes_factor, experience,
                                     most(0.0, requirement - skill), w->behaviour);
        double success = logistic(work->success_logits[channel] + w->behaviour->success_slope * (skill - requirement));
        double failures = served * (1.0 - success);
        tile->failures[row] = failures;
        tile->own_minutes[row] = served * minutes;
        tile->own_time[row] = served * minutes + failures * help;
        tile->gain[row] = occasions * time_advantage(tile->today[row], tile->own_noticed[row] * minutes);
        tile->learnt[row] = experience_after(experience, served, success, w->behaviour->learning_rate);
    }
}

static void book_own(const World *w, size_t start, size_t own, size_t task, Tile *tile, const Ledger *ledger,
                     size_t chunk)
{
    const Work *work = w->work;
    const double eroded = EROSION * work->staffed_minutes[task], rebound = work->rebound[task];
    for (size_t row = 0; row < own; row++) {
        size_t place = tile->own[row], person = start + place, channel = tile->channel[row];
        unsigned reason = *columns_reason(w->people, person, task);
        double occasions = tile->occasions[row], failures = tile->failures[row], own_time = tile->own_time[row];
        double served = occasions + occasions * rebound;
        bool forced = tile->withdrawn[place] || tile->today[row] >= eroded;
        bool tipped = reason & TIPPED_BY_PRICE;
        double hurt = forced || tipped ? failures : w->behaviour->voluntary_blame * failures;
        if (reason & AGAINST_HER_WILL)
            hurt += (served - failures) * w->people->autonomy[person];
        double *line = ledger_own(ledger, chunk, w->people->business[person], tile->line[row], 0);
        line[OWN_PEOPLE] += 1.0;
        line[forced ? OWN_FORCED : tipped ? OWN_INCENTIVISED : OWN_VOLUNTARY] += tile->own_minutes[row];
        line[OWN_FAILED] += failures;
        line[OWN_FELT] += tile->own_noticed[row] * own_time;
        line[OWN_VALUED] += own_time * w->people->value_of_time[person] * HOURS;
        tile->state[place] = OWN_BIT | (forced ? FORCED_BIT : 0) | (reason & 7) << 1;
        tile->sector_minutes[place] += own_time;
        tile->sector_gain[place] += tile->gain[row];
        tile->sector_hurt[place] += hurt;
        tile->sector_forced[place] += forced ? served : 0.0;
        tile->avoided_now[place] += occasions * tile->today[row];
        tile->loss[place] += failures * work->responsibility[channel] * w->behaviour->error_loss;
        tile->sector_mask[place] |= 1u << task;
        if (work->co_design[channel] > tile->rung[place])
            tile->rung[place] = work->co_design[channel];
        *columns_experience(w->people, person, task) = word_of(tile->learnt[row]);
        if (work->channel_access[channel] > 0)
            *columns_digital_idle(w->people, person, task) = 0;
    }
}

static void use_service(const World *w, size_t start, size_t count, size_t sector, size_t task, Tile *tile,
                        const Ledger *ledger, size_t chunk, const Counts *counts)
{
    if (!w->pass->awake[task]) {
        be_served(w, start, count, sector, task, tile);
        count_states(w, start, count, sector, task, tile, counts);
        return;
    }
    size_t due = list_due(w, start, count, task, tile);
    for (size_t row = 0; row < due; row++) {
        size_t place = tile->due[row];
        size_t degree = w->people->degree[start + place], width = w->people->neighbours_columns;
        Mind mind = mind_in(tile, place);
        double doing_it = share_serving(tile->seen_serving + place * width, width, degree, task);
        double unhappy = share_in_mood(tile->seen_mood + place * width, width, degree, sector);
        decide(w, start + place, tile->firm[place], task, &mind, tile->covered[place], tile->withdrawn[place],
               doing_it, unhappy);
    }
    be_served(w, start, count, sector, task, tile);
    size_t own = list_own(w, start, count, task, tile);
    if (own > 0) {
        look_up_own(w, start, own, sector, task, tile);
        work_out_own(w, own, task, tile);
        book_own(w, start, own, task, tile, ledger, chunk);
    }
    count_states(w, start, count, sector, task, tile, counts);
}

static double intensity_of(const World *w, size_t person, size_t task)
{
    uint64_t key = w->moment->taste_key, identity = w->people->identity[person];
    double first = uniform(key, identity, INTENSITIES + 2 * task);
    double second = uniform(key, identity, INTENSITIES + 2 * task + 1);
    double normal = sqrt(-2.0 * log(first)) * cos(2.0 * M_PI * second);
    double motive = (w->people->self_realisation[person] - SELF_REALISATION_MEAN) / SELF_REALISATION_SPREAD;
    double spread = w->behaviour->intensity_spread, mixed = 0.5 * motive + sqrt(0.75) * normal;
    return exp(spread * mixed - 0.5 * spread * spread);
}

static void contribute(const World *w, size_t start, size_t count, size_t sector, size_t task, Tile *tile,
                       const Ledger *ledger, size_t chunk, const Counts *counts)
{
    const Work *work = w->work;
    uint8_t *use = columns_use(w->people, start, task), *idle = columns_digital_idle(w->people, start, task);
    if (!w->pass->awake[task]) {
        memset(tile->state, 0, count);
        count_states(w, start, count, sector, task, tile, counts);
        return;
    }
    size_t due = list_due(w, start, count, task, tile);
    for (size_t row = 0; row < due; row++) {
        size_t place = tile->due[row], width = w->people->neighbours_columns;
        Mind mind = mind_in(tile, place);
        double doing_it =
            share_serving(tile->seen_serving + place * width, width, w->people->degree[start + place], task);
        decide_on_contributing(w, start + place, task, &mind, tile->covered[place], doing_it);
    }
    note_states(count, tile->state, use, tile->covered, tile->closed);
    grow_older(count, idle, tile->arises);
    size_t own = list_own(w, start, count, task, tile);
    for (size_t row = 0; row < own; row++) {
        size_t place = tile->own[row], person = start + place;
        size_t channel = work->first_channel[task] + use[place] - 1;
        size_t pair = work->firm_channel[tile->firm[place]] + channel - work->sector_first_channel[sector];
        uint16_t *experience = columns_experience(w->people, person, task);
        double given = monthly_occasions(w, person, task) * intensity_of(w, person, task);
        double own_time = given * minutes_of_channel(w, person, task, channel, tile->skill[place]);
        double *line = ledger_own(ledger, chunk, w->people->business[person], pair, 0);
        line[OWN_PEOPLE] += 1.0;
        line[OWN_GIVEN] += given;
        line[OWN_VOLUNTARY] += own_time;
        line[OWN_FELT] += tile->noticed[place] * own_time;
        line[OWN_VALUED] += own_time * w->people->value_of_time[person] * HOURS;
        tile->state[place] |= OWN_BIT;
        tile->sector_minutes[place] += own_time;
        tile->given[place] += given;
        if (given > 0.0) {
            tile->sector_mask[place] |= 1u << task;
            if (work->co_design[channel] > tile->rung[place])
                tile->rung[place] = work->co_design[channel];
        }
        *experience = word_of(
            experience_after(share_of(*experience), given, work->success[channel], w->behaviour->learning_rate));
        idle[place] = 0;
    }
    count_states(w, start, count, sector, task, tile, counts);
}

/* ---- the month of a tile ------------------------------------------------------------------------------- */

static void begin_month(const World *w, size_t start, size_t count, Tile *tile)
{
    const Columns *people = w->people;
    const Behaviour *b = w->behaviour;
    const Moment *moment = w->moment;
    const size_t width = people->neighbours_columns;
    for (size_t place = 0; place < count; place++) {
        size_t person = start + place;
        double skill = people->skill[person] + moment->skill_shift;
        if (skill < b->basic_skill)
            skill = least(b->basic_skill, skill + moment->programme);
        int64_t luck = scatter(people->identity[person]), month = moment->month + moment->epoch_shift;
        tile->skill[place] = least(1.0, most(0.0, skill));
        tile->noticed[place] = b->attention + (1.0 - b->attention) * people->awareness[person];
        tile->time_weight[place] = 0.5 * sqrt(people->value_of_time[person] / moment->mean_value_of_time);
        tile->strain[place] = strain_of(people, person);
        tile->epoch[place] = (month + luck % b->taste_months) / b->taste_months;
        tile->phase[place] = (luck + month) % b->reconsideration_months;
        tile->cell[place] = people->business[person]
            ? BUSINESS_CELL
            : (people->age[person] * 3 + people->education[person]) * 3 + people->income[person];
    }
    memset(&tile->sums, 0, sizeof tile->sums);
    const uint32_t *serving = columns_self_serving(people, w->pass->last, 0);
    const uint16_t *mood = columns_mood(people, w->pass->last, 0);
    const uint32_t *neighbours = columns_neighbours(people, start, 0);
    for (size_t slot = 0; slot < count * width; slot++) {
        tile->seen_serving[slot] = serving[neighbours[slot]];
        tile->seen_mood[slot] = mood[neighbours[slot]];
    }
}

static void turn_to_sector(const World *w, size_t start, size_t count, size_t sector, Tile *tile)
{
    const Columns *people = w->people;
    const int16_t *firms = columns_firm(people, start, sector);
    const uint16_t *slow = columns_attribution(people, start, sector);
    const float *disposition = people->trust + start;
    const double weight = w->behaviour->attribution_trust;
    note_grievance(count, tile->grievance, columns_grievance(people, start, sector), slow);
    for (size_t place = 0; place < count; place++)
        tile->trust[place] = most(0.0, disposition[place] - weight * share_of(slow[place]));
    for (size_t place = 0; place < count; place++) {
        size_t firm = firms[place] < 0 ? 0 : firms[place], segment = people->business[start + place] != 0;
        tile->belongs[place] = firms[place] != NO_FIRM;
        tile->firm[place] = firm;
        tile->pair[place] = (w->work->firm_pair[firm] * 2 + segment) * N_STATES;
    }
    memset(&tile->of_sector, 0, sizeof tile->of_sector);
}

static void resent_and_see_roles(const World *w, size_t start, size_t count, size_t sector, Tile *tile)
{
    const Behaviour *b = w->behaviour;
    uint16_t *grievance = columns_grievance(w->people, start, sector);
    uint16_t *attribution = columns_attribution(w->people, start, sector);
    float *role = columns_role(w->people, start, sector);
    for (size_t place = 0; place < count; place++)
        tile->serving[place] = w->offers->pays[tile->firm[place]] ? 0.5 : 1.0;
    for (size_t place = 0; place < count; place++) {
        double baseline = tile->sector_baseline[place], whole = baseline > 0.0 ? baseline : 1.0;
        double hurt = least(1.0, tile->sector_hurt[place] / whole), helped = tile->sector_helped[place] / whole;
        double gain = tile->sector_gain[place] / whole;
        double fast = grievance_after(share_of(grievance[place]), hurt, b->grievance_gain, b->grievance_decay,
                                      helped, b->repair);
        double slow = grievance_after(share_of(attribution[place]), hurt * tile->serving[place],
                                      b->attribution_gain, b->attribution_decay, 0.0, 0.0);
        float seen = most(-1.0, least(1.0, b->role_gain * gain - least(1.0, fast + slow)));
        role[place] = baseline > 0.0 ? seen : role[place];
        grievance[place] = baseline > 0.0 ? word_of(fast) : grievance[place];
        attribution[place] = baseline > 0.0 ? word_of(slow) : attribution[place];
    }
}

static void add_sector(const World *w, size_t start, size_t count, size_t sector, Tile *tile, const Ledger *ledger,
                       size_t chunk)
{
    const uint16_t *slow = columns_attribution(w->people, start, sector);
    const float *role = columns_role(w->people, start, sector);
    const double threshold = w->behaviour->complaint_threshold;
    add(count, tile->minutes, tile->sector_minutes);
    add(count, tile->baseline, tile->sector_baseline);
    add(count, tile->forced, tile->sector_forced);
    note_grievance(count, tile->grievance, columns_grievance(w->people, start, sector), slow);
    add(count, tile->resentment, tile->grievance);
    for (size_t place = 0; place < count; place++) {
        tile->mask[place] |= tile->sector_mask[place];
        tile->domains[place] += tile->sector_mask[place] != 0;
        tile->mood[place] |= tile->grievance[place] > threshold ? 1 << sector : 0;
        tile->blame[place] += share_of(slow[place]);
        tile->role[place] += role[place];
    }
    for (size_t place = 0; place < count; place++)
        if (tile->belongs[place]) {
            double *line = ledger_firms(ledger, chunk, tile->firm[place], 0);
            line[w->people->business[start + place] ? BUSINESS_CUSTOMERS : PRIVATE_CUSTOMERS] += 1.0;
            line[FIRM_GRIEVANCE] += tile->grievance[place];
        }
}

static void tire_and_notice(const World *w, size_t person, double felt, double minutes, double forced_share,
                            double aware)
{
    const Columns *people = w->people;
    const Behaviour *b = w->behaviour;
    double before = people->felt_minutes[person], usual = people->own_minutes[person];
    people->felt_minutes[person] = before + b->strain_speed * (felt - before);
    people->own_minutes[person] = usual + (minutes - usual) / 12.0;
    double irritation = strain_of(people, person) + least(1.0, forced_share) + w->moment->campaign;
    double awareness = people->awareness[person];
    double change = b->noticing * irritation * (1.0 - awareness) + b->awareness_contagion * (aware - awareness)
                    - b->awareness_fading * awareness;
    people->awareness[person] = least(1.0, most(0.0, awareness + change));
}

static void book_her_month(const World *w, size_t person, size_t place, const Tile *tile, const Ledger *ledger,
                           size_t chunk)
{
    const Columns *people = w->people;
    const size_t last = w->pass->last, now = 1 - last;
    const double sectors = w->work->first_task_rows, minutes = tile->minutes[place], given = tile->given[place];
    double *cell = ledger_cells(ledger, chunk, tile->cell[place], 0);
    bool recent = *columns_self_serving(people, now, person) | *columns_self_serving(people, last, person)
                  | people->before[person];
    cell[PEOPLE] += 1.0;
    cell[ADOPTERS] += recent ? 1.0 : 0.0;
    cell[CELL_OWN_MINUTES] += minutes;
    cell[CELL_FELT_MINUTES] += tile->noticed[place] * minutes;
    cell[CELL_OWN_VALUE] += minutes * people->value_of_time[person] * HOURS;
    cell[CELL_AVOIDED_NOW_MINUTES] += tile->avoided_now[place];
    cell[CELL_WAITING_MINUTES] += tile->waiting[place];
    cell[CELL_LOSS] += tile->loss[place];
    cell[DOMAINS] += tile->domains[place];
    cell[EXCLUDED] += tile->forgoes[place] ? 1.0 : 0.0;
    cell[AWARENESS] += people->awareness[person];
    cell[GRIEVANCE] += tile->resentment[place] / sectors;
    cell[ROLE] += tile->role[place] / sectors;
    cell[ATTRIBUTION] += tile->blame[place] / sectors;
    if (tile->services[place])
        cell[CLARITY] += role_clarity(tile->known[place] / (65535.0 * tile->services[place]));
    if (tile->rung[place] > 0)
        cell[RUNG_1 + tile->rung[place] - 1] += 1.0;
    if (given > 0.0) {
        cell[CONTRIBUTORS] += 1.0;
        cell[CELL_SELF_SERVED] += given;
        cell[CELL_INDUCED] += given;
        cell[CELL_VOLUNTARY] += given;
    }
    if (people->business[person])
        return;
    cell[OVERLOADED] += people->felt_minutes[person] > people->comfort_minutes[person] ? 1.0 : 0.0;
    double usual = people->own_minutes[person];
    int64_t bin = (int64_t)(sqrt(usual) * 8.0), heap = 0;
    if (bin > N_BINS - 1)
        bin = N_BINS - 1;
    *ledger_minutes(ledger, chunk, 0, bin) += 1.0;
    *ledger_minutes(ledger, chunk, 1, bin) += usual;
    if (given > 0.0) {
        heap = (int64_t)(16.0 * log2(given) + 256.0);
        heap = heap < 1 ? 1 : heap > N_BINS - 1 ? N_BINS - 1 : heap;
    }
    *ledger_contributions(ledger, chunk, 0, heap) += 1.0;
    *ledger_contributions(ledger, chunk, 1, heap) += given;
}

static void end_month(const World *w, size_t start, size_t count, Tile *tile, const Ledger *ledger, size_t chunk)
{
    const Columns *people = w->people;
    const size_t last = w->pass->last, now = 1 - last, width = people->neighbours_columns;
    for (size_t place = 0; place < count; place++) {
        size_t person = start + place;
        double minutes = tile->minutes[place], baseline = tile->baseline[place];
        double forced_share = baseline > 0.0 ? tile->forced[place] / baseline : 0.0;
        double aware = share_in_mood(tile->seen_mood + place * width, width, people->degree[person], AWARE_BIT);
        tire_and_notice(w, person, tile->noticed[place] * minutes, minutes, forced_share, aware);
        uint16_t mood = tile->mood[place];
        if (people->awareness[person] > w->behaviour->awareness_threshold)
            mood |= AWARE;
        *columns_self_serving(people, now, person) = tile->mask[place];
        *columns_mood(people, now, person) = mood;
        book_her_month(w, person, place, tile, ledger, chunk);
        people->before[person] = *columns_self_serving(people, last, person);
    }
}

static void live_a_tile(const World *w, size_t start, size_t count, Tile *tile, const Ledger *ledger, size_t chunk,
                        const Counts *counts)
{
    const Work *work = w->work;
    begin_month(w, start, count, tile);
    for (size_t sector = 0; sector < work->first_task_rows; sector++) {
        int64_t first = work->first_task[sector];
        turn_to_sector(w, start, count, sector, tile);
        for (int64_t task = first; task < first + work->n_tasks[sector]; task++) {
            see_counter(w, start, count, task, tile);
            see_channels(w, start, count, sector, task, tile);
            if (work->contribution[task])
                contribute(w, start, count, sector, task, tile, ledger, chunk, counts);
            else
                use_service(w, start, count, sector, task, tile, ledger, chunk, counts);
        }
        resent_and_see_roles(w, start, count, sector, tile);
        add_sector(w, start, count, sector, tile, ledger, chunk);
    }
    end_month(w, start, count, tile, ledger, chunk);
}

/* Let blocks of chunks live through the month, each with its own counts; threads share the blocks. */
void live_a_month(const Pass *pass, const Columns *people, const Offers *offers, const Behaviour *behaviour,
                  const Work *work, const Moment *moment, const Ledger *ledger, const Counts *counts)
{
    const World world = {people, pass, offers, behaviour, work, moment};
    const size_t consumers = people->identity_rows;
#pragma omp parallel for schedule(dynamic, 1) num_threads(pass->threads)
    for (size_t block = 0; block < pass->first_rows; block++) {
        Tile tile;
        tile.seen_serving = malloc(TILE * people->neighbours_columns * sizeof *tile.seen_serving);
        tile.seen_mood = malloc(TILE * people->neighbours_columns * sizeof *tile.seen_mood);
        tile.by_firm = malloc(work->firm_sector_rows * sizeof *tile.by_firm);
        tile.below = malloc(work->firm_sector_rows * sizeof *tile.below);
        for (size_t chunk = pass->first[block]; chunk < (size_t)pass->end[block]; chunk++) {
            size_t start = chunk * pass->size, end = start + pass->size;
            if (end > consumers)
                end = consumers;
            for (; start < end; start += TILE)
                live_a_tile(&world, start, end - start < TILE ? end - start : TILE, &tile, ledger, chunk,
                            counts + block);
        }
        free(tile.seen_serving);
        free(tile.seen_mood);
        free(tile.by_firm);
        free(tile.below);
    }
}
