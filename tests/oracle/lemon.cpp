#include "lemon.h"

#include <ctime>
#include <lemon/network_simplex.h>
#include <lemon/smart_graph.h>
#include <vector>

using lemon::SmartDigraph;

static int64_t cpu_ns()
{
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* target -> inspector (ticket), inspector -> sink (one arc a step of load), target -> sink (short)
 */
extern "C" int lemon_solve(const struct lemon_problem *p, struct lemon_answer *out)
{
    const int64_t step = INT64_C(1) << 45, unfilled = INT64_C(1) << 56;
    SmartDigraph g;
    SmartDigraph::ArcMap<int64_t> cost(g);
    SmartDigraph::ArcMap<int> upper(g);
    SmartDigraph::NodeMap<int> supply(g);
    std::vector<SmartDigraph::Node> target(p->targets), inspector(p->inspectors);
    int total = 0;
    uint32_t demand_all = 0;
    for (auto &n : target) {
        n = g.addNode();
    }
    for (auto &n : inspector) {
        n = g.addNode();
    }
    SmartDigraph::Node sink = g.addNode();
    auto add = [&](SmartDigraph::Node from, SmartDigraph::Node to, int64_t c, int u) {
        SmartDigraph::Arc a = g.addArc(from, to);
        cost[a] = c;
        upper[a] = u;
        return a;
    };
    std::vector<SmartDigraph::Arc> pairs, shorts, steps;
    std::vector<int64_t> level;
    for (size_t t = 0; t < p->targets; t++) {
        for (size_t i = p->first[t]; i < p->first[t + 1]; i++) {
            pairs.push_back(add(target[t], inspector[p->who[i]], p->ticket[i], 1));
        }
        shorts.push_back(add(target[t], sink, unfilled, (int)p->demand[t]));
        supply[target[t]] = (int)p->demand[t];
        total += (int)p->demand[t];
    }
    demand_all = (uint32_t)total;
    for (size_t j = 0; j < p->inspectors; j++) {
        uint32_t room = p->room[j] < demand_all ? p->room[j] : demand_all;
        for (uint32_t l = 1; l <= room; l++) {
            level.push_back((int64_t)(p->load[j] + l));
            steps.push_back(add(inspector[j], sink, step * level.back(), 1));
        }
    }
    supply[sink] = -total;
    lemon::NetworkSimplex<SmartDigraph, int, int64_t> solver(g);
    solver.upperMap(upper).costMap(cost).supplyMap(supply);
    int64_t from = cpu_ns();
    auto status = solver.run();
    out->solve_ns = cpu_ns() - from;
    if (status != solver.OPTIMAL) {
        return 1;
    }
    out->unfilled = out->load = out->tickets = 0;
    for (size_t i = 0; i < pairs.size(); i++) {
        out->tickets += solver.flow(pairs[i]) * p->ticket[i];
    }
    for (auto a : shorts) {
        out->unfilled += solver.flow(a);
    }
    for (size_t i = 0; i < steps.size(); i++) {
        out->load += solver.flow(steps[i]) * level[i];
    }
    return 0;
}
