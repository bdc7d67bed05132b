#pragma once

#include <optional>
#include <string>
#include <vector>

#include "learning/types.h"
#include "platform/storage/database.h"

// The statements about practice.
namespace tuition::learning::store {

struct Round {
  RoundId id{};
  catalogue::LessonId lesson{};
  UserId user{};
  std::int64_t seed = 0;
  std::string spec_json{};
  Instant started_at{};
  std::optional<Instant> finished_at{};
  std::int64_t points = 0;
  std::int64_t answered = 0;
  std::int64_t total = 0;
  std::optional<bool> passed{};
};
struct RoundAnswer {
  std::int64_t number = 0;
  std::int64_t points = 0;
};
struct RoundSummary {
  std::int64_t finished = 0;
  std::optional<std::int64_t> best_percent{};
};

std::optional<Round> round(ReadTx& tx, const UserId& user, const RoundId& id);
std::optional<Round> open_round(ReadTx& tx, const UserId& user, const catalogue::LessonId& lesson);
RoundSummary rounds_of(ReadTx& tx, const UserId& user, const catalogue::LessonId& lesson);
std::vector<RoundAnswer> round_answers(ReadTx& tx, const RoundId& id);
void insert_round(WriteTx& tx, const Round& round);
// False when the exercise has been answered.
bool insert_round_answer(WriteTx& tx, const RoundId& id, std::int64_t number, const std::string& answer_json,
                         std::int64_t points, Instant now);
void update_round(WriteTx& tx, const Round& round);

}  // namespace tuition::learning::store
