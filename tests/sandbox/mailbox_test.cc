#include "sandbox/mailbox.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/outbound/smtp.h"
#include "platform/storage/folder.h"
#include "sandbox/letter.h"
#include "sandbox/stage.h"

using namespace tuition;
using namespace tuition::sandbox;

namespace {

struct Post {
  crypto::SystemEntropy entropy{};
  AdvancingClock clock{};
  Mailbox mailbox{clock, entropy, 3};
  Post() { REQUIRE(mailbox.start("127.0.0.1:0")); }
};

// Says all lines at once and hears everything until the end.
std::string talk(int port, const std::string& said) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  REQUIRE(::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  for (std::size_t at = 0; at < said.size();) {
    const ssize_t sent = ::send(fd, said.data() + at, said.size() - at, MSG_NOSIGNAL);
    if (sent <= 0) break;
    at += static_cast<std::size_t>(sent);
  }
  std::string heard;
  char piece[4096];
  for (ssize_t got = 0; (got = ::recv(fd, piece, sizeof piece, 0)) > 0;)
    heard.append(piece, static_cast<std::size_t>(got));
  ::close(fd);
  return heard;
}

std::string mail_saying(const std::string& message) {
  return "EHLO me\r\nMAIL FROM:<a@example.org> BODY=8BITMIME SIZE=100\r\nRCPT TO:<b@example.org>\r\nDATA\r\n" +
         message + "\r\n.\r\nQUIT\r\n";
}

}  // namespace

TEST_CASE("mails outlive the mailbox in its folder, the newest of them, until they are cleared") {
  const tests::Folder folder;
  crypto::SystemEntropy entropy;
  AdvancingClock clock;
  std::vector<Letter> before;
  {
    Mailbox mailbox(clock, entropy, 2, folder.path() / "mail");
    REQUIRE(mailbox.start("127.0.0.1:0"));
    for (const char* subject : {"one", "two", "three"}) {
      const auto heard = talk(mailbox.port(), mail_saying("Subject: " + std::string(subject) + "\r\n\r\n..dots\r\n"));
      CHECK(heard.find("250 2.0.0 kept") != std::string::npos);
    }
    before = mailbox.list();
  }
  Mailbox mailbox(clock, entropy, 2, folder.path() / "mail");
  REQUIRE(mailbox.start("127.0.0.1:0"));
  const auto after = mailbox.list();
  REQUIRE(after.size() == 2);
  for (std::size_t i = 0; i < after.size(); ++i) {
    CHECK(after[i].id == before[i].id);
    CHECK(after[i].to == "b@example.org");
    CHECK(after[i].received == before[i].received);
    CHECK(after[i].raw == before[i].raw);
  }
  CHECK(after[0].subject == "three");
  mailbox.clear();
  CHECK(std::filesystem::is_empty(folder.path() / "mail"));
}

TEST_CASE("a mail that cannot be kept is not acknowledged") {
  const tests::Folder folder;
  crypto::SystemEntropy entropy;
  AdvancingClock clock;
  Mailbox mailbox(clock, entropy, 2, folder.path() / "mail");
  REQUIRE(mailbox.start("127.0.0.1:0"));
  std::filesystem::remove_all(folder.path() / "mail");
  CHECK(talk(mailbox.port(), mail_saying("Subject: lost\r\n\r\n")).find("452 ") != std::string::npos);
  CHECK(mailbox.list().empty());
}

TEST_CASE("a mail of ours arrives as it was meant") {
  Post post;
  metrics::Registry registry;
  outbound::SmtpMailer::Settings settings;
  settings.url = "smtp://127.0.0.1:" + std::to_string(post.mailbox.port());
  auto mailer = outbound::SmtpMailer::open(std::move(settings), registry);
  REQUIRE(mailer);
  outbound::Mail mail;
  mail.from = "Sch\xc3\xb6ne Musik <school@example.org>";
  mail.to = "j\xc3\xbcrgen@example.org";
  for (int i = 0; i < 200; ++i) mail.subject += "\xc3\xbc";
  mail.text = "Hello\n.\n..\nhttps://school.example/verify?token=abc=def \xf0\x9f\x8e\xb5";
  mail.html = "<p>Hello = \xc3\xbc</p>";
  mail.message_id = "m-1@example.org";
  REQUIRE(mailer.value()->send(mail));
  const auto letter = post.mailbox.wait_for(mail.to, seconds(20));
  REQUIRE(letter);
  CHECK(letter->from == "Sch\xc3\xb6ne Musik <school@example.org>");
  CHECK(letter->to == mail.to);
  CHECK(letter->subject == mail.subject);
  CHECK(letter->text == mail.text + "\n");
  CHECK(letter->html == mail.html + "\n");
  CHECK(post.mailbox.get(letter->id)->subject == mail.subject);
  CHECK_FALSE(post.mailbox.get("nothing"));
}

TEST_CASE("commands may come all at once and dots are taken off") {
  Post post;
  const std::string heard = talk(post.mailbox.port(), mail_saying("Subject: x\r\n\r\n..one\r\n.two\r\nthree."));
  CHECK(heard.find("354 ") != std::string::npos);
  CHECK(heard.ends_with("221 2.0.0 bye\r\n"));
  REQUIRE(post.mailbox.list().size() == 1);
  CHECK(post.mailbox.list()[0].text == ".one\ntwo\nthree.\n");
}

TEST_CASE("a conversation out of order is put right") {
  Post post;
  const std::string heard = talk(post.mailbox.port(),
                                 "MAIL FROM:<a@b.example>\r\nEHLO me\r\nRCPT TO:<a@b.example>\r\nDATA\r\nMAIL <a>\r\n"
                                 "MAIL FROM:<a@b.example> SIZE=99999999999\r\nVRFY x\r\nMAIL FROM:<>\r\nRCPT TO:<>\r\n"
                                 "RCPT TO:<550@example.org>\r\nRCPT TO:<451@example.org>\r\nRSET\r\nNOOP\r\nQUIT\r\n");
  std::vector<std::string> codes;
  for (const auto line : split(heard, '\n'))
    if (line.size() > 3 && line[3] == ' ') codes.emplace_back(line.substr(0, 3));
  CHECK(codes == std::vector<std::string>{"220", "503", "250", "503", "503", "501", "552", "502", "250", "501", "550",
                                          "451", "250", "250", "221"});
  CHECK(post.mailbox.list().empty());
}

TEST_CASE("only the newest mails are kept") {
  Post post;
  for (int i = 0; i < 5; ++i) talk(post.mailbox.port(), mail_saying("Subject: " + std::to_string(i) + "\r\n\r\nx"));
  const auto kept = post.mailbox.list();
  REQUIRE(kept.size() == 3);
  CHECK(kept[0].subject == "4");
  CHECK(kept[2].subject == "2");
}

TEST_CASE("a mail that never ends and a line that never ends are cut off") {
  Post post;
  CHECK(talk(post.mailbox.port(), std::string(100'000, 'x')).find("500 ") != std::string::npos);
  const std::string heard = talk(post.mailbox.port(), mail_saying("Subject: x\r\n\r\n" + [] {
                                   std::string large;
                                   while (large.size() < 11 * 1024 * 1024) large += std::string(900, 'x') + "\r\n";
                                   return large;
                                 }()));
  CHECK(heard.find("552 ") != std::string::npos);
  CHECK(post.mailbox.list().empty());
}

TEST_CASE("mails in the forms of others are read") {
  const Letter letter = read_letter(
      "From: =?iso-8859-1?Q?J=FCrgen_M?= =?utf-8?b?w7xsbGVy?= <j@example.org>\nSubject: plain\n folded\n"
      "Content-Type: multipart/mixed; boundary=b\n\nignored\n--b\nContent-Type: multipart/alternative; "
      "boundary=\"c\"\n\n"
      "--c\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe, "
      "wei=\nter\n"
      "--c\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nPGI+\naGk8L2I+\n--c--\n--b\nContent-Type: "
      "text/plain\n\nsecond\n--b--\n");
  CHECK(letter.from == "J\xc3\xbcrgen M\xc3\xbcller <j@example.org>");
  CHECK(letter.subject == "plain folded");
  CHECK(letter.text ==
        "Gr\xc3\xbc\xc3\x9f"
        "e, weiter");
  CHECK(letter.html == "<b>hi</b>");
  for (const char* odd :
       {"", "\n", "no colon", "Content-Type: multipart/mixed\n\nx", "Content-Type: multipart/mixed; boundary=x\n\n--x",
        "Subject: =?a?b?c", "Subject: =?utf-8?q?=zz?="})
    CHECK_NOTHROW(read_letter(odd));
}

TEST_CASE("the developer sees what runs where, the mails, and moves the clock") {
  Stage stage;
  const auto front = stage.call("GET", stage.school() + "/dev");
  CHECK(front.status == 200);
  CHECK(front.body.find("learner@tuition.example") != std::string::npos);
  CHECK(front.body.find("practice &lt;makes&gt; perfect") != std::string::npos);
  CHECK(front.body.find(stage.sandbox.stripe_url()) != std::string::npos);
  CHECK(stage.call("GET", stage.school() + "/dev/outbox").body.find("No mail") != std::string::npos);

  talk(static_cast<int>(*parse_integer(stage.sandbox.smtp_url().substr(17))),
       mail_saying("Subject: <b>Welcome</b>\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>"));
  const auto list =
      Json::parse(stage.call("GET", stage.school() + "/dev/outbox", {}, {{"Accept", "application/json"}}).body);
  REQUIRE(list.size() == 1);
  CHECK(list[0]["to"] == "b@example.org");
  CHECK(list[0]["html"] == "<p>Hi</p>\n");
  CHECK(parse_instant(list[0]["receivedAt"].get<std::string>()));
  const std::string letter = stage.school() + "/dev/outbox/" + list[0]["id"].get<std::string>();
  CHECK(stage.call("GET", letter).body.find("&lt;b&gt;Welcome&lt;/b&gt;") != std::string::npos);
  const auto html = stage.call("GET", letter + "/html");
  CHECK(html.body == "<p>Hi</p>\n");
  CHECK(html.header("content-security-policy").find("sandbox") != std::string_view::npos);
  CHECK(stage.call("GET", stage.school() + "/dev/outbox/none").status == 404);

  const Instant before = stage.clock.now();
  CHECK(stage.call("POST", stage.school() + "/dev/clock", "advance=P1D").status == 303);
  CHECK(stage.clock.now() - before >= days(1));
  outbound::HttpRequest json;
  json.method = "POST";
  json.url = stage.school() + "/dev/clock";
  json.body = "{\"advance\":120}";
  json.headers = {{"Content-Type", "application/json"}};
  const auto moved = stage.client.send(json);
  REQUIRE(moved);
  CHECK(moved->status == 200);
  CHECK(parse_instant(Json::parse(moved->body)["now"].get<std::string>()));
  CHECK(stage.call("POST", stage.school() + "/dev/clock", "advance=soon").status == 400);
  CHECK(stage.call("POST", stage.school() + "/dev/mischief", "fault=never").status == 400);
  CHECK(stage.call("POST", stage.school() + "/dev/mischief", "fault=fail&path=/v1/prices").status == 303);
  CHECK(stage.api("GET", "/v1/prices").status == 500);
}
