#include "fastpath/eal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sekisho::fastpath {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

TEST(CpuPlan, WorkersTakeTheLastProcessorsAndControlTheRest) {
    const auto plan = plan_cpus({0, 1, 2, 3}, 2, {});
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan->workers, ElementsAre(2, 3));
    EXPECT_THAT(plan->control, ElementsAre(0, 1));
}

TEST(CpuPlan, WithoutAFreeProcessorControlSharesAll) {
    const auto plan = plan_cpus({0, 1}, 2, {});
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan->control, ElementsAre(0, 1));
}

TEST(CpuPlan, MoreWorkersThanProcessorsTakeTurns) {
    const auto plan = plan_cpus({4}, 3, {});
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan->workers, ElementsAre(4, 4, 4));
}

TEST(CpuPlan, ChoiceOfTheAdminIsCheckedAndKept) {
    const auto plan = plan_cpus({0, 1, 2, 3}, 2, {3, 1, 0});
    ASSERT_TRUE(plan);
    EXPECT_THAT(plan->workers, ElementsAre(3, 1));
    EXPECT_THAT(plan->control, ElementsAre(0, 2));
    EXPECT_FALSE(plan_cpus({0, 1}, 2, {1}));
    EXPECT_FALSE(plan_cpus({0, 1}, 1, {7}));
    EXPECT_FALSE(plan_cpus({0, 1, 2}, 2, {1, 1}));
}

TEST(EalArguments, NameCoresMemoryAndDevices) {
    EalPlan plan{.cpus = {{3, 1}, {0, 2}}, .memory_mb = 256, .hugepages = true, .devices = {}};
    plan.devices = {*parse_device("net_null0", 2), *parse_device("net_null1", 2)};
    const auto words = eal_arguments(plan);
    EXPECT_THAT(words, Contains("--lcores=0@(0,2),1@(3),2@(1)"));
    EXPECT_THAT(words, Contains("--main-lcore=0"));
    EXPECT_THAT(words, Contains("--in-memory"));
    EXPECT_THAT(words, Contains("--no-pci"));
    EXPECT_THAT(words, Contains("--vdev=net_null1"));
    EXPECT_THAT(words, Contains("256"));
    EXPECT_THAT(words, Not(Contains("--no-huge")));
}

TEST(EalArguments, PciDevicesAreAllowedOneByOne) {
    EalPlan plan{.cpus = {{1}, {0}}, .memory_mb = 256, .hugepages = false, .devices = {}};
    plan.devices = {*parse_device("0000:01:00.0", 1)};
    const auto words = eal_arguments(plan);
    EXPECT_THAT(words, Contains("--allow=0000:01:00.0"));
    EXPECT_THAT(words, Not(Contains("--no-pci")));
    EXPECT_THAT(words, Contains("--no-huge"));
    EXPECT_THAT(words, Not(Contains("--in-memory")));  // DPDK refuses the two together
}

}  // namespace
}  // namespace sekisho::fastpath
