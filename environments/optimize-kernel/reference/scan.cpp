// Conditional prefix sum in two passes over blocks that the threads claim one by one.
//
// REBENCH-TS CANARY 8809f9bb-5192-422f-98d9-02d4519dc495: evaluation material, must not appear in training data
//
// Which elements of a block count depends on one bit from before it: whether the number of positive values so
// far is odd. Pass one computes a block's sum for either value of the bit and whether the block flips it; a
// scan over the blocks then gives every block its bit and its offset; pass two writes.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace {

constexpr int64_t kBlock = 65'536;

struct Summary {
  uint32_t if_even = 0;  // sum of the block if an even number of positives came before it
  uint32_t total = 0;    // sum of all its elements; the sum if odd is total - if_even
  uint32_t flips = 0;    // 1 if the block holds an odd number of positives
};

Summary summarize(const int32_t* x, int64_t begin, int64_t end) {
  Summary summary;
  uint32_t odd = 0;
  for (int64_t i = begin; i < end; ++i) {
    const auto value = static_cast<uint32_t>(x[i]);
    summary.total += value;
    summary.if_even += value & (0u - odd);
    odd ^= x[i] > 0;
  }
  summary.flips = odd;
  return summary;
}

void write(const int32_t* x, int32_t* out, int64_t begin, int64_t end, uint32_t odd, uint32_t sum) {
  for (int64_t i = begin; i < end; ++i) {
    sum += static_cast<uint32_t>(x[i]) & (0u - odd);
    odd ^= x[i] > 0;
    out[i] = static_cast<int32_t>(sum);
  }
}

// Calls work(block) once for every block. Claiming keeps all threads busy when one of them is slowed down.
template <typename Work>
void for_each_block(int64_t blocks, int threads, Work work) {
  std::atomic<int64_t> next{0};
  const auto claim = [&] {
    for (int64_t block; (block = next.fetch_add(1, std::memory_order_relaxed)) < blocks;) work(block);
  };
  std::vector<std::thread> others;
  for (int t = 1; t < std::min<int64_t>(threads, blocks); ++t) others.emplace_back(claim);
  claim();
  for (auto& other : others) other.join();
}

}  // namespace

extern "C" void prefix_sum(const int32_t* x, int32_t* out, int64_t n, int threads) {
  const int64_t blocks = (n + kBlock - 1) / kBlock;
  const auto end = [=](int64_t block) { return std::min(n, (block + 1) * kBlock); };
  std::vector<Summary> summaries(blocks);
  for_each_block(blocks, threads, [&](int64_t block) {
    summaries[block] = summarize(x, block * kBlock, end(block));
  });

  struct State {
    uint32_t odd, sum;
  };
  std::vector<State> before(blocks);
  State state{0, 0};
  for (int64_t block = 0; block < blocks; ++block) {
    before[block] = state;
    const Summary& summary = summaries[block];
    state.sum += state.odd ? summary.total - summary.if_even : summary.if_even;
    state.odd ^= summary.flips;
  }
  for_each_block(blocks, threads, [&](int64_t block) {
    write(x, out, block * kBlock, end(block), before[block].odd, before[block].sum);
  });
}
