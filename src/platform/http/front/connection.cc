// What happens on one connection, by the thread that holds it busy.

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "platform/base/blocking.h"
#include "platform/http/front/core.h"
#include "platform/http/problem.h"
#include "platform/log/log.h"

namespace tuition::http {
namespace {

// Assigning an empty string would keep the memory.
void let_go(std::string& bytes) { std::string().swap(bytes); }

}  // namespace

void Front::Core::advance(Slot& slot, std::uint32_t flags) {
  if (slot.fd < 0) return;
  if (flags & broken) return close_slot(slot);
  if (flags & cut) return cut_off(slot);
  if (flags & readable) slot.may_read = true;
  if (flags & peer_done) slot.half_closed = true;
  // A browser that closes its event stream says no more than that.
  if ((flags & peer_done) && slot.phase == Phase::feed) return close_slot(slot);
  if (flags & evict) {
    if (slot.phase == Phase::head && slot.parser.untouched() && slot.in.empty() && slot.unsent() == 0)
      return close_slot(slot);
  }
  if (flags & late) {
    on_deadline(slot);
    if (slot.fd < 0) return;
  }
  if ((flags & answered) && slot.phase == Phase::waiting) complete_flight(slot);
  if (flags & wind_down) {
    if (slot.flight) slot.flight->close = true;
    if (slot.feed) slot.feed->close();
    if (slot.phase == Phase::head) slot.may_read = true;  // what has arrived by now is still answered
  }
  pump(slot);
  if (slot.fd < 0) return;
  if (draining && slot.phase == Phase::head && slot.parser.untouched() && slot.in.empty() && slot.unsent() == 0)
    return close_slot(slot);
  // Buffers of connections that wait belong to those that work.
  if (slot.in.empty() && slot.in.capacity() > 64) {
    if (here && here->spare_in.capacity() < slot.in.capacity() && slot.in.capacity() <= 64 * 1024)
      slot.in.swap(here->spare_in);
    let_go(slot.in);
  }
  if (slot.out.empty() && slot.out.capacity() > 64) {
    if (here && here->spare_out.capacity() < slot.out.capacity() && slot.out.capacity() <= 256 * 1024)
      slot.out.swap(here->spare_out);
    let_go(slot.out);
  }
  account(slot);
}

void Front::Core::pump(Slot& slot) {
  std::size_t turn = 0;
  for (;;) {
    bool starved = false;
    // Who does not read the answers there are is asked for no more requests.
    while (slot.phase <= Phase::upload && !slot.close_after && !starved && !slot.write_timed && slot.tail.empty() &&
           slot.unsent() < out_high) {
      switch (step(slot)) {
        case Step::went_on: break;
        case Step::starved: starved = true; break;
        case Step::closed: return;
      }
    }
    if ((slot.phase == Phase::streaming || slot.phase == Phase::feed) && slot.unsent() < out_high)
      if (!produce(slot)) return close_slot(slot);
    const auto sending = slot.unsent();
    switch (flush(slot)) {
      case Flush::sent: break;
      case Flush::blocked:
      case Flush::closed: return;
    }
    if (slot.phase == Phase::lingering) return discard(slot);
    if (slot.close_after) {
      linger(slot);
      if (slot.fd >= 0) discard(slot);
      return;
    }
    if (slot.phase == Phase::waiting || slot.phase == Phase::feed || starved) return;
    turn += sending;
    if (slot.phase == Phase::streaming && turn > turn_max)
      return post(static_cast<std::uint64_t>(slot.generation()) << 32 | slot.index, go_on);
  }
}

// Reads once; false when there is nothing (more) to read now.
bool Front::Core::fill(Slot& slot) {
  if (!slot.may_read || slot.end_seen) return false;
  auto* scratch = here->scratch.get();
  const auto got = recv(slot.fd, scratch, scratch_size, 0);
  if (got <= 0) {
    slot.may_read = false;
    if (got == 0) slot.end_seen = true;
    if (got < 0 && errno == EINTR) slot.may_read = true;
    if (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) slot.end_seen = true;
    return false;
  }
  const auto n = static_cast<std::size_t>(got);
  if (n < scratch_size && !slot.half_closed) slot.may_read = false;  // drained; the next byte is the next event
  if (slot.in_at > 0) {
    slot.in.erase(0, slot.in_at);
    slot.in_at = 0;
  }
  // Only in place of nothing: what a spare buffer holds becomes part of somebody else's request.
  if (slot.in.empty() && slot.in.capacity() < 64) slot.in.swap(here->spare_in);
  slot.in.append(scratch, n);
  return true;
}

Front::Core::Step Front::Core::step(Slot& slot) {
  if (slot.phase == Phase::head && slot.input().empty() && !slot.in.empty()) {
    slot.in.clear();
    slot.in_at = 0;
  }
  if (slot.phase == Phase::head && !slot.in.empty()) {
    switch (slot.parser.feed(slot.input())) {
      case HeadParser::State::done: return begin_request(slot);
      case HeadParser::State::bad:
        refuse(slot, slot.parser.status(), Kind::rejected,
               slot.parser.status() == 431 ? "HEADER_TOO_LARGE" : "BAD_REQUEST", slot.parser.reason());
        return Step::went_on;
      case HeadParser::State::more: break;
    }
  } else if (slot.phase != Phase::head && !slot.input().empty()) {
    return slot.phase == Phase::body ? gather(slot) : gather_upload(slot);
  }
  if (fill(slot)) {
    slot.idle_since.store(0, std::memory_order_relaxed);
    return Step::went_on;
  }
  if (slot.end_seen) {
    // Somebody who goes in the middle of a request cannot be waiting for its answer.
    if (slot.unsent() == 0 || slot.phase != Phase::head) {
      close_slot(slot);
      return Step::closed;
    }
    slot.close_after = true;
    return Step::starved;
  }
  if (slot.phase == Phase::head && !slot.in.empty() && !slot.head_timed) {
    slot.head_timed = true;
    slot.deadline_ms.store(now_ms() + settings.head_time.ms, std::memory_order_relaxed);
  }
  return Step::starved;
}

Front::Core::Step Front::Core::begin_request(Slot& slot) {
  auto& head = here->head;
  slot.parser.read(slot.input(), head);
  auto flight = std::make_shared<Flight>();
  auto opening = engine.open(head, slot.peer, false, *flight);
  flight->core = shared_from_this();
  flight->key = static_cast<std::uint64_t>(slot.generation()) << 32 | slot.index;
  flight->close = head.close || draining.load(std::memory_order_relaxed);
  slot.head_size = slot.parser.size();
  slot.in_at += slot.head_size;
  slot.flight = flight;
  slot.idle_since.store(0, std::memory_order_relaxed);
  slot.deadline_ms.store(0, std::memory_order_relaxed);
  const bool body = head.has_body();
  if (!opening.refusal &&
      (in_progress.load(std::memory_order_relaxed) >= static_cast<std::int64_t>(settings.requests_max) ||
       (opening.blocks && blocked.load(std::memory_order_relaxed) >= settings.blocked_max) ||
       (body && held.load(std::memory_order_relaxed) > settings.held_max + settings.held_max / 2)))
    opening.refusal =
        problem(Error{Kind::unavailable, "UNAVAILABLE", "Too busy just now. Please try again."}, flight->request);
  if (opening.refusal) {
    // A body that was refused unread would be taken for the next request.
    if (body || head.method == "CONNECT") flight->close = true;
    count(slot);
    complete(slot, *opening.refusal);
    return Step::went_on;
  }
  if (!body) return start(slot);

  slot.chunked_in = head.chunked;
  slot.decoder = ChunkedDecoder();
  slot.body_left = head.length;
  slot.body_max = opening.body_max;
  if (opening.upload) {
    auto begun = engine.begin_upload(flight);
    if (auto* refused = std::get_if<Reply>(&begun)) {
      flight->close = true;
      count(slot);
      complete(slot, *refused);
      return Step::went_on;
    }
    flight->upload = std::move(std::get<Upload>(begun));
    slot.sent_of_stream = 0;
    slot.phase = Phase::upload;
  } else {
    slot.phase = Phase::body;
    // What is announced and does not come takes no room.
    if (!slot.chunked_in && slot.input().size() >= head.length)
      flight->request.body.reserve(static_cast<std::size_t>(head.length));
  }
  slot.deadline_ms.store(now_ms() + settings.body_time.ms, std::memory_order_relaxed);
  if (head.expects_continue && slot.input().empty()) slot.out += "HTTP/1.1 100 Continue\r\n\r\n";
  return Step::went_on;
}

Front::Core::Step Front::Core::gather(Slot& slot) {
  auto& body = slot.flight->request.body;
  const auto input = slot.input();
  bool whole = false;
  if (slot.chunked_in) {
    std::size_t used = 0;
    const auto state = slot.decoder.feed(input, used, body);
    slot.in_at += used;
    if (state == ChunkedDecoder::State::bad) {
      refuse(slot, 400, Kind::rejected, "BAD_REQUEST", "The chunked body is malformed.");
      return Step::went_on;
    }
    if (body.size() > slot.body_max || slot.decoder.announced() > slot.body_max - body.size()) {
      refuse(slot, 413, Kind::too_large, "PAYLOAD_TOO_LARGE", "The body is too large.");
      return Step::went_on;
    }
    whole = state == ChunkedDecoder::State::done;
  } else {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(slot.body_left, input.size()));
    body.append(input.substr(0, take));
    slot.in_at += take;
    slot.body_left -= take;
    whole = slot.body_left == 0;
  }
  if (slot.in_at == slot.in.size()) {
    slot.in.clear();
    slot.in_at = 0;
  }
  if (!whole) return Step::went_on;
  return start(slot);
}

Front::Core::Step Front::Core::gather_upload(Slot& slot) {
  auto flight = slot.flight;
  const auto input = slot.input();
  auto& piece = here->piece;
  piece.clear();
  bool whole = false;
  if (slot.chunked_in) {
    std::size_t used = 0;
    const auto state = slot.decoder.feed(input, used, piece);
    slot.in_at += used;
    if (state == ChunkedDecoder::State::bad) {
      flight->upload.reset();
      refuse(slot, 400, Kind::rejected, "BAD_REQUEST", "The chunked body is malformed.");
      return Step::went_on;
    }
    whole = state == ChunkedDecoder::State::done;
  } else {
    const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(slot.body_left, input.size()));
    piece.assign(input.substr(0, take));
    slot.in_at += take;
    slot.body_left -= take;
    whole = slot.body_left == 0;
  }
  if (slot.in_at == slot.in.size()) {
    slot.in.clear();
    slot.in_at = 0;
  }
  slot.sent_of_stream += piece.size();
  const auto refuse_with = [&](Reply reply) {
    flight->upload.reset();
    flight->close = true;
    count(slot);
    complete(slot, reply);
    return Step::went_on;
  };
  if (slot.sent_of_stream > slot.body_max)
    return refuse_with(problem(Error{Kind::too_large, "PAYLOAD_TOO_LARGE", "The body is too large."}, flight->request));
  if (!piece.empty()) {
    slot.deadline_ms.store(0, std::memory_order_relaxed);
    try {
      Blocking waiting;
      if (auto taken = flight->upload->take(piece); !taken) return refuse_with(problem(taken.error(), flight->request));
    } catch (const std::exception& exception) {
      return refuse_with(engine.thrown(&exception, flight->request));
    }
    const auto now = now_ms();
    slot.deadline_ms.store(now + settings.body_time.ms, std::memory_order_relaxed);
    // Slow lines are welcome, drips are not.
    const auto took_ms = now - flight->began_us / 1000;
    if (took_ms > 60'000 && slot.sent_of_stream * 1000 / static_cast<std::uint64_t>(took_ms) < 1024) {
      flight->upload.reset();
      refuse(slot, 408, Kind::rejected, "TOO_SLOW", "The request took too long to arrive.");
      return Step::went_on;
    }
  }
  if (!whole) return Step::went_on;
  return start(slot);
}

// Calls the handler, or the end of an upload.
Front::Core::Step Front::Core::start(Slot& slot) {
  const auto flight = slot.flight;
  slot.phase = Phase::waiting;
  slot.deadline_ms.store(0, std::memory_order_relaxed);
  count(slot);
  here->running = flight.get();
  {
    Respond respond([flight](Reply reply) { answer(*flight, std::move(reply)); },
                    [flight](Respond::Make make) { answer_made(*flight, std::move(make)); },
                    std::shared_ptr<const Request>(flight, &flight->request));
    if (flight->upload) {
      try {
        const auto upload = std::move(flight->upload);
        flight->upload.reset();
        upload->finish(respond);
      } catch (const std::exception& exception) {
        respond(engine.thrown(&exception, flight->request));
      }
    } else {
      engine.run(flight, std::move(respond));
    }
  }
  here->running = nullptr;
  if (flight->answered_inside) complete_flight(slot);
  return Step::went_on;
}

// From any thread. Inside the handler's own call nobody needs to be woken.
void Front::Core::answer(Flight& flight, Reply reply) {
  flight.reply = std::move(reply);
  answered_by(flight);
}

void Front::Core::answer_made(Flight& flight, Respond::Make make) {
  flight.make = std::move(make);
  answered_by(flight);
}

void Front::Core::answered_by(Flight& flight) {
  if (here && here->running == &flight) {
    flight.answered_inside = true;
    return;
  }
  static_cast<Core*>(flight.core.get())->post(flight.key, answered);
}

void Front::Core::complete_flight(Slot& slot) {
  const auto flight = slot.flight;
  if (flight->make) {
    const auto make = std::exchange(flight->make, nullptr);
    const log::RequestScope scope(flight->request.caller.request_id);
    try {
      flight->reply = make(flight->request);
    } catch (const std::exception& exception) {
      flight->reply = engine.thrown(&exception, flight->request);
    }
  }
  complete(slot, flight->reply);
}

void Front::Core::complete(Slot& slot, Reply& reply) {
  uncount(slot);
  auto& flight = *slot.flight;
  if (slot.out.empty() && slot.out.capacity() < 64) slot.out.swap(here->spare_out);
  const auto written = engine.write(flight, reply, flight.close || draining.load(std::memory_order_relaxed), slot.out);
  if (written.close) flight.close = true;
  slot.chunked_out = written.chunked;
  slot.tail = written.tail;
  switch (written.body) {
    case Engine::Body::whole: return finish_request(slot);
    case Engine::Body::stream:
      slot.stream = std::move(reply.stream);
      slot.sent_of_stream = 0;
      slot.asked_ms = now_ms();
      slot.phase = Phase::streaming;
      return;
    case Engine::Body::feed:
      slot.feed = std::move(reply.feed);
      slot.phase = Phase::feed;
      slot.asked_ms = now_ms();
      slot.feed_ends_ms = slot.asked_ms + settings.feed_time.ms;
      slot.deadline_ms.store(slot.asked_ms + feed_pause(), std::memory_order_relaxed);
      slot.feed->attach([core = shared_from_this(), key = flight.key] { core->post(key, fed); });
      if (draining) slot.feed->close();
      return;
  }
}

// Its answer is in `out`, whole.
void Front::Core::finish_request(Slot& slot) {
  const auto now = engine.done(*slot.flight) / 1000;
  if (slot.flight->close) slot.close_after = true;
  slot.flight.reset();
  slot.phase = slot.close_after ? Phase::ending : Phase::head;
  slot.parser.reset();
  slot.head_timed = false;
  slot.deadline_ms.store(now + settings.idle_time.ms, std::memory_order_relaxed);
  slot.idle_since.store(now, std::memory_order_relaxed);
}

// A request that went wrong before a handler had it: the connection ends with the answer.
void Front::Core::refuse(Slot& slot, int status, Kind kind, std::string_view code, std::string_view safe) {
  slot.flight.reset();
  engine.write_refusal(status, kind, code, safe, slot.peer, slot.out);
  slot.close_after = true;
  slot.phase = Phase::ending;
  slot.idle_since.store(0, std::memory_order_relaxed);
}

// More of a streamed answer; false when it broke, so that the receiver must not take it for whole.
bool Front::Core::produce(Slot& slot) {
  if (slot.out_at > 0) {
    slot.out.erase(0, slot.out_at);
    slot.out_at = 0;
  }
  if (slot.phase == Phase::feed) {
    if (!engine.may_go_on(*slot.flight)) slot.feed->detach();  // and what waits is for nobody
    std::string text;
    const bool more = slot.feed->take(text);
    slot.flight->bytes += text.size();
    if (slot.chunked_out) {
      append_chunk(slot.out, text);
    } else {
      slot.out += text;
    }
    if (more) return true;
    if (slot.chunked_out) slot.out += "0\r\n\r\n";
    slot.feed->detach();
    slot.feed.reset();
    slot.flight->close = true;
    finish_request(slot);
    return true;
  }
  if (const auto now = now_ms(); now - slot.asked_ms >= settings.ask_again.ms) {
    slot.asked_ms = now;
    if (!engine.may_go_on(*slot.flight)) return false;
  }
  const auto stream = slot.stream;
  std::string piece;
  bool more = true;
  while (more && slot.out.size() < out_high) {
    piece.clear();
    try {
      Blocking waiting;
      more = stream->next(piece);
    } catch (const std::exception& exception) {
      log::error("http.stream_failed",
                 {{"request", slot.flight->request.caller.request_id}, {"what", exception.what()}});
      return false;
    }
    slot.sent_of_stream += piece.size();
    slot.flight->bytes += piece.size();
    if (stream->length && slot.sent_of_stream > *stream->length) return false;
    if (slot.chunked_out) {
      append_chunk(slot.out, piece);
    } else {
      slot.out += piece;
    }
  }
  if (more) return true;
  if (stream->length && slot.sent_of_stream != *stream->length) return false;
  if (slot.chunked_out) slot.out += "0\r\n\r\n";
  slot.stream.reset();
  finish_request(slot);
  return true;
}

Front::Core::Flush Front::Core::flush(Slot& slot) {
  const bool some = slot.unsent() > 0;
  while (slot.unsent() > 0) {
    iovec parts[2] = {{slot.out.data() + slot.out_at, slot.out.size() - slot.out_at},
                      {const_cast<char*>(slot.tail.data()), slot.tail.size()}};
    msghdr message{};
    message.msg_iov = parts[0].iov_len > 0 ? parts : parts + 1;
    message.msg_iovlen = slot.tail.empty() || parts[0].iov_len == 0 ? 1 : 2;
    const auto sent = sendmsg(slot.fd, &message, MSG_NOSIGNAL);
    if (sent > 0) {
      const auto of_out = std::min(static_cast<std::size_t>(sent), parts[0].iov_len);
      slot.out_at += of_out;
      slot.tail.remove_prefix(static_cast<std::size_t>(sent) - of_out);
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      if (!slot.write_timed) {
        slot.write_timed = true;
        slot.deadline_ms.store(now_ms() + settings.write_time.ms + static_cast<std::int64_t>(slot.unsent() / 16),
                               std::memory_order_relaxed);
      }
      slot.idle_since.store(0, std::memory_order_relaxed);
      return Flush::blocked;
    }
    close_slot(slot);
    return Flush::closed;
  }
  slot.out.clear();
  slot.out_at = 0;
  // It takes what it is given, so it is not one of the slow.
  if (some && slot.held_since.load(std::memory_order_relaxed) != 0)
    slot.held_since.store(now_ms(), std::memory_order_relaxed);
  if (slot.write_timed) {
    slot.write_timed = false;
    const auto now = now_ms();
    if (slot.phase == Phase::head) {
      slot.deadline_ms.store(now + settings.idle_time.ms, std::memory_order_relaxed);
      slot.idle_since.store(now, std::memory_order_relaxed);
    } else {
      slot.deadline_ms.store(slot.phase == Phase::feed                                  ? now + feed_pause()
                             : slot.phase == Phase::body || slot.phase == Phase::upload ? now + settings.body_time.ms
                                                                                        : 0,
                             std::memory_order_relaxed);
    }
  }
  return Flush::sent;
}

void Front::Core::on_deadline(Slot& slot) {
  const auto deadline = slot.deadline_ms.load(std::memory_order_relaxed);
  if (deadline == 0 || deadline > now_ms()) return;
  if (slot.write_timed) return cut_off(slot);
  switch (slot.phase) {
    case Phase::head:
      if (slot.parser.untouched() && slot.in.empty()) return close_slot(slot);
      return refuse(slot, 408, Kind::rejected, "TOO_SLOW", "The request took too long to arrive.");
    case Phase::body:
    case Phase::upload: return refuse(slot, 408, Kind::rejected, "TOO_SLOW", "The request took too long to arrive.");
    case Phase::feed: return look_after_feed(slot);
    case Phase::waiting:
    case Phase::streaming: slot.deadline_ms.store(0, std::memory_order_relaxed); return;
    case Phase::ending:
    case Phase::lingering: return close_slot(slot);
  }
}

// Closing while bytes of the peer lie unread would make the system take back our last answer: so we say that we are
// done, and read what comes until the peer is done too: more than the largest body that is not streamed.
void Front::Core::linger(Slot& slot) {
  if (slot.end_seen) return close_slot(slot);
  shutdown(slot.fd, SHUT_WR);
  slot.phase = Phase::lingering;
  slot.may_read = true;
  slot.in.clear();
  slot.in_at = 0;
  slot.deadline_ms.store(now_ms() + (draining ? 500 : 2000), std::memory_order_relaxed);
  slot.idle_since.store(0, std::memory_order_relaxed);
}

void Front::Core::discard(Slot& slot) {
  while (slot.may_read) {
    const auto got = recv(slot.fd, here->scratch.get(), scratch_size, 0);
    if (got > 0) {
      slot.discarded += static_cast<std::size_t>(got);
      if (slot.discarded > 4 * 1024 * 1024) return close_slot(slot);
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      slot.may_read = false;
    } else {
      return close_slot(slot);
    }
  }
}

void Front::Core::close_slot(Slot& slot) {
  if (slot.fd < 0) return;
  held.fetch_sub(slot.held.exchange(0, std::memory_order_relaxed), std::memory_order_relaxed);
  slot.held_since.store(0, std::memory_order_relaxed);
  uncount(slot);
  if (slot.feed) slot.feed->detach();
  if (slot.flight && (slot.phase == Phase::streaming || slot.phase == Phase::feed)) engine.done(*slot.flight);
  slot.deadline_ms.store(0, std::memory_order_relaxed);
  slot.idle_since.store(0, std::memory_order_relaxed);
  slot.feed.reset();
  slot.stream.reset();
  if (slot.flight) slot.flight->upload.reset();
  slot.flight.reset();
  let_go(slot.in);
  let_go(slot.out);
  slot.in_at = slot.out_at = 0;
  slot.tail = {};
  slot.parser.reset();
  close(slot.fd);
  slot.fd = -1;
}

}  // namespace tuition::http
