#include "sandbox/mailbox.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <thread>

#include "platform/base/id.h"
#include "platform/base/text.h"
#include "platform/log/log.h"
#include "sandbox/keeper.h"

namespace tuition::sandbox {
namespace {

constexpr std::size_t message_max = 10 * 1024 * 1024;
constexpr std::size_t command_max = 2048;
constexpr std::size_t connections_max = 64;
constexpr std::size_t recipients_max = 100;

// In front of a kept mail, as any mail server puts its own lines there: the envelope, one line each.
constexpr std::string_view for_line = "Delivered-To: ";
constexpr std::string_view at_line = "X-Sandbox-Received: ";

// One line off the front, if it begins so.
std::optional<std::string> take_line(std::string_view& text, std::string_view begin) {
  const auto end = text.find("\r\n");
  if (end == std::string_view::npos || !text.starts_with(begin)) return std::nullopt;
  std::string rest(text.substr(begin.size(), end - begin.size()));
  text.remove_prefix(end + 2);
  return rest;
}

std::string path_in(std::string_view argument) {
  const auto open = argument.find('<');
  const auto close = argument.find('>');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
  return std::string(argument.substr(open + 1, close - open - 1));
}

// One client: bytes in, bytes out, and where the conversation stands.
struct Conversation {
  int fd = -1;
  std::string in{};
  std::string out{"220 sandbox mailbox\r\n"};
  bool ends = false;
  bool greeted = false;
  bool in_data = false;
  bool has_sender = false;
  std::vector<std::string> recipients{};
  std::string message{};
  bool too_large = false;

  void reset() {
    has_sender = false;
    recipients.clear();
    message.clear();
    too_large = false;
    in_data = false;
  }
};

}  // namespace

struct Mailbox::Impl {
  Impl(const Clock& c, Entropy& e, std::size_t max, std::filesystem::path where)
      : clock(c), entropy(e), letters_max(max), folder(std::move(where)) {}

  const Clock& clock;
  Entropy& entropy;
  const std::size_t letters_max;
  const std::filesystem::path folder;

  mutable std::mutex mutex;
  mutable std::condition_variable arrived;
  std::deque<Letter> letters;  // newest first

  int listener = -1;
  int waker = -1;
  int port = 0;
  std::thread thread;
  std::vector<std::unique_ptr<Conversation>> conversations;  // of the thread

  std::filesystem::path file_of(const std::string& id) const { return folder / (id + ".eml"); }

  // Oldest first: the names are in the order of arrival.
  void restore() {
    if (folder.empty()) return;
    std::filesystem::create_directories(folder);
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::directory_iterator(folder))
      if (each.path().extension() == ".eml") files.push_back(each.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      const std::string bytes = read_file(file);
      std::string_view rest = bytes;
      const auto to = take_line(rest, for_line);
      const auto received = parse_integer(take_line(rest, at_line).value_or(""));
      if (!to || !received) continue;
      Letter letter = read_letter(rest);
      letter.id = file.stem();
      letter.to = *to;
      letter.received = Instant{*received};
      add(std::move(letter));
    }
  }

  void forget(const Letter& letter) {
    if (folder.empty()) return;
    std::error_code gone;
    std::filesystem::remove(file_of(letter.id), gone);
  }

  // Under the mutex, or before others know this mailbox.
  void add(Letter letter) {
    letters.push_front(std::move(letter));
    if (letters.size() <= letters_max) return;
    forget(letters.back());
    letters.pop_back();
  }

  // After the newest letter's: two that come within one millisecond would otherwise be ordered by chance. Given up
  // where that letter is from the future.
  std::string next_id() const {
    const std::lock_guard lock(mutex);
    std::string id = new_uuid(clock, entropy);
    for (int tries = 0; tries < 100 && !letters.empty() && id <= letters.front().id; ++tries)
      id = new_uuid(clock, entropy);
    return id;
  }

  // False when there is no room for it.
  bool keep(const Conversation& talk) {
    Letter letter = read_letter(talk.message);
    letter.id = next_id();
    letter.received = clock.now();
    // Whom it was handed over for counts, not what the header says.
    letter.to = join(talk.recipients, ", ");
    if (!folder.empty()) {
      std::string bytes(for_line);
      (bytes += letter.to) += "\r\n";
      ((bytes += at_line) += std::to_string(letter.received.ms)) += "\r\n";
      try {
        replace_file(file_of(letter.id), bytes + talk.message);
      } catch (const std::exception& refused) {
        log::warn("sandbox.mail_refused", {{"why", refused.what()}});
        return false;
      }
    }
    {
      const std::lock_guard lock(mutex);
      add(std::move(letter));
    }
    arrived.notify_all();
    return true;
  }

  std::string recipient(Conversation& talk, const std::string& address) {
    if (address.empty()) return "501 5.1.3 an address goes in < >\r\n";
    if (talk.recipients.size() >= recipients_max) return "452 4.5.3 too many recipients\r\n";
    const auto code = parse_integer(address.substr(0, address.find('@')));
    if (code && *code >= 400 && *code <= 599) return std::to_string(*code) + " refused, as the address asks\r\n";
    talk.recipients.push_back(address);
    return "250 2.1.5 ok\r\n";
  }

  std::string answer(Conversation& talk, std::string_view line) {
    const std::string verb = to_lower_ascii(line.substr(0, 4));
    const auto argument = trim(line.substr(std::min<std::size_t>(4, line.size())));
    if (verb == "ehlo" || verb == "helo") {
      talk.reset();
      talk.greeted = true;
      if (verb == "helo") return "250 sandbox\r\n";
      return "250-sandbox\r\n250-SIZE " + std::to_string(message_max) +
             "\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 PIPELINING\r\n";
    }
    if (verb == "noop") return "250 2.0.0 ok\r\n";
    if (verb == "rset") {
      talk.reset();
      return "250 2.0.0 ok\r\n";
    }
    if (verb == "quit") {
      talk.ends = true;
      return "221 2.0.0 bye\r\n";
    }
    if (verb == "mail") {
      if (!talk.greeted) return "503 5.5.1 say EHLO first\r\n";
      if (talk.has_sender) return "503 5.5.1 one mail at a time\r\n";
      if (to_lower_ascii(argument.substr(0, 5)) != "from:" || argument.find('<') == std::string_view::npos)
        return "501 5.5.4 MAIL FROM:<address>\r\n";
      const std::string lower = to_lower_ascii(argument);
      if (const auto size = lower.find(" size="); size != std::string::npos) {
        const auto bytes = parse_integer(lower.substr(size + 6, lower.find(' ', size + 6) - size - 6));
        if (bytes && *bytes > static_cast<std::int64_t>(message_max)) return "552 5.3.4 too large\r\n";
      }
      talk.has_sender = true;
      return "250 2.1.0 ok\r\n";
    }
    if (verb == "rcpt") {
      if (!talk.has_sender) return "503 5.5.1 MAIL first\r\n";
      if (to_lower_ascii(argument.substr(0, 3)) != "to:") return "501 5.5.4 RCPT TO:<address>\r\n";
      return recipient(talk, path_in(argument));
    }
    if (verb == "data") {
      if (talk.recipients.empty()) return "503 5.5.1 RCPT first\r\n";
      talk.in_data = true;
      return "354 end with a dot on a line of its own\r\n";
    }
    return "502 5.5.1 not known here\r\n";
  }

  void take_data_line(Conversation& talk, std::string_view line) {
    if (line == ".") {
      if (talk.too_large) {
        talk.out += "552 5.3.4 too large\r\n";
      } else {
        talk.out += keep(talk) ? "250 2.0.0 kept\r\n" : "452 4.3.1 no room\r\n";
      }
      talk.reset();
      return;
    }
    if (line.starts_with('.')) line.remove_prefix(1);
    if (talk.message.size() + line.size() + 2 > message_max) {
      talk.too_large = true;
      talk.message.clear();
    }
    if (!talk.too_large) (talk.message += line) += "\r\n";
  }

  void take_lines(Conversation& talk) {
    std::size_t begin = 0;
    while (!talk.ends) {
      const auto end = talk.in.find("\r\n", begin);
      if (end == std::string::npos) break;
      const std::string_view line = std::string_view(talk.in).substr(begin, end - begin);
      begin = end + 2;
      if (talk.in_data) {
        take_data_line(talk, line);
      } else if (line.size() > command_max) {
        talk.out += "500 5.5.2 line too long\r\n";
      } else {
        talk.out += answer(talk, line);
      }
    }
    talk.in.erase(0, begin);
    if (talk.in.size() > (talk.in_data ? message_max : command_max)) {
      talk.out += "500 5.5.2 line too long\r\n";
      talk.ends = true;
    }
  }

  // False when the client is gone or done.
  bool serve(Conversation& talk, short events) {
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
      char piece[65536];
      const ssize_t got = ::recv(talk.fd, piece, sizeof piece, 0);
      if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR)) return false;
      if (got > 0) {
        talk.in.append(piece, static_cast<std::size_t>(got));
        take_lines(talk);
      }
    }
    while (!talk.out.empty()) {
      const ssize_t sent = ::send(talk.fd, talk.out.data(), talk.out.size(), MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      talk.out.erase(0, static_cast<std::size_t>(sent));
    }
    return !talk.ends;
  }

  void run() {
    for (;;) {
      std::vector<pollfd> watched{{waker, POLLIN, 0}, {listener, POLLIN, 0}};
      for (const auto& each : conversations)
        watched.push_back({each->fd, static_cast<short>(POLLIN | (each->out.empty() ? 0 : POLLOUT)), 0});
      if (::poll(watched.data(), watched.size(), -1) < 0) continue;
      if (watched[0].revents != 0) break;
      for (std::size_t i = conversations.size(); i-- > 0;)
        if (watched[i + 2].revents != 0 && !serve(*conversations[i], watched[i + 2].revents)) {
          ::close(conversations[i]->fd);
          conversations.erase(conversations.begin() + static_cast<std::ptrdiff_t>(i));
        }
      if (watched[1].revents == 0) continue;
      const int fd = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0) continue;
      if (conversations.size() >= connections_max) {
        ::close(fd);
        continue;
      }
      auto talk = std::make_unique<Conversation>();
      talk->fd = fd;
      serve(*talk, 0);
      conversations.push_back(std::move(talk));
    }
    for (const auto& each : conversations) ::close(each->fd);
    conversations.clear();
  }
};

Mailbox::Mailbox(const Clock& clock, Entropy& entropy, std::size_t letters_max, std::filesystem::path folder)
    : impl_(std::make_unique<Impl>(clock, entropy, letters_max, std::move(folder))) {}

Mailbox::~Mailbox() { stop(); }

Result<void> Mailbox::start(const std::string& listen) {
  const auto failed = [&](const std::string& what) {
    return Error{Kind::unavailable, "LISTEN", "The mailbox cannot open at " + listen + ": " + what};
  };
  const auto colon = listen.rfind(':');
  const auto number = colon == std::string::npos ? std::nullopt : parse_integer(listen.substr(colon + 1));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  if (!number || *number < 0 || *number > 65535 ||
      ::inet_pton(AF_INET, listen.substr(0, colon).c_str(), &address.sin_addr) != 1)
    return failed("it is not address:port");
  address.sin_port = htons(static_cast<std::uint16_t>(*number));
  auto& in = *impl_;
  in.listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  in.waker = ::eventfd(0, EFD_CLOEXEC);
  const int yes = 1;
  ::setsockopt(in.listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  if (in.listener < 0 || in.waker < 0 || ::bind(in.listener, raw, size) != 0 || ::listen(in.listener, 64) != 0 ||
      ::getsockname(in.listener, raw, &size) != 0) {
    const std::string why = std::strerror(errno);
    stop();
    return failed(why);
  }
  in.port = ntohs(address.sin_port);
  try {
    in.restore();
  } catch (const std::exception& unreadable) {
    stop();
    return failed(unreadable.what());
  }
  in.thread = std::thread([impl = impl_.get()] { impl->run(); });
  return {};
}

void Mailbox::stop() {
  auto& in = *impl_;
  if (in.thread.joinable()) {
    const std::uint64_t one = 1;
    while (::write(in.waker, &one, sizeof one) < 0 && errno == EINTR) {}
    in.thread.join();
  }
  for (int* each : {&in.listener, &in.waker}) {
    if (*each >= 0) ::close(*each);
    *each = -1;
  }
}

int Mailbox::port() const { return impl_->port; }

std::vector<Letter> Mailbox::list() const {
  const std::lock_guard lock(impl_->mutex);
  return {impl_->letters.begin(), impl_->letters.end()};
}

std::optional<Letter> Mailbox::get(const std::string& id) const {
  const std::lock_guard lock(impl_->mutex);
  for (const Letter& each : impl_->letters)
    if (each.id == id) return each;
  return std::nullopt;
}

void Mailbox::clear() {
  const std::lock_guard lock(impl_->mutex);
  for (const Letter& each : impl_->letters) impl_->forget(each);
  impl_->letters.clear();
}

std::optional<Letter> Mailbox::wait_for(const std::string& address, Duration patience) const {
  std::unique_lock lock(impl_->mutex);
  std::optional<Letter> found;
  impl_->arrived.wait_for(lock, std::chrono::milliseconds(patience.ms), [&] {
    for (const Letter& each : impl_->letters)
      if (equals_ignoring_case(each.to, address)) {
        found = each;
        return true;
      }
    return false;
  });
  return found;
}

}  // namespace tuition::sandbox
