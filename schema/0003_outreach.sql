-- Mail to people: what is to be said (the kind and its fields; the words come from a template when it is sent), to
-- whom, and how it went. Fields may hold one-time tokens and are emptied once the mail is gone. No foreign key to
-- users: mail also goes to people without an account.
CREATE TABLE email_messages (
  id TEXT PRIMARY KEY,
  to_email TEXT NOT NULL, -- personal
  user_id TEXT,
  template_key TEXT NOT NULL,
  fields_json TEXT NOT NULL CHECK (json_valid(fields_json)), -- personal
  subject TEXT,
  status TEXT NOT NULL CHECK (status IN ('queued', 'sent', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  message_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT;

CREATE INDEX email_messages_to ON email_messages (to_email, template_key, created_at);
CREATE INDEX email_messages_user ON email_messages (user_id, created_at) WHERE user_id IS NOT NULL;
