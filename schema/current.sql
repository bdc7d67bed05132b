CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL, -- personal
  prefix TEXT NOT NULL,
  key_hash TEXT NOT NULL UNIQUE, -- personal
  scopes_json TEXT NOT NULL CHECK (json_valid(scopes_json)),
  last_used_at INTEGER,
  expires_at INTEGER,
  revoked_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX api_keys_made ON api_keys (created_at, id);

CREATE INDEX api_keys_revoked ON api_keys (revoked_at) WHERE revoked_at IS NOT NULL;

CREATE INDEX api_keys_user ON api_keys (user_id, created_at);

CREATE TABLE audit_logs (
  id INTEGER PRIMARY KEY,
  timestamp INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (actor_kind IN ('anonymous', 'person', 'key', 'system')),
  user_id TEXT,
  ip_address TEXT NOT NULL, -- personal
  request_id TEXT NOT NULL,
  action TEXT NOT NULL,
  category TEXT NOT NULL CHECK (category IN ('security', 'business', 'error', 'system')),
  severity TEXT NOT NULL CHECK (severity IN ('info', 'warning', 'critical')),
  target_type TEXT NOT NULL,
  target_id TEXT NOT NULL,
  description TEXT NOT NULL,
  metadata_json TEXT NOT NULL CHECK (json_valid(metadata_json)),
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
, key_id TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX audit_logs_action ON audit_logs (action, id);

CREATE INDEX audit_logs_target ON audit_logs (target_id, id) WHERE target_id <> '';

CREATE INDEX audit_logs_time ON audit_logs (timestamp, id);

CREATE INDEX audit_logs_user ON audit_logs (user_id, id) WHERE user_id IS NOT NULL;

CREATE TRIGGER audit_logs_no_delete BEFORE DELETE ON audit_logs
BEGIN
  SELECT RAISE(ABORT, 'audit_logs is append-only');
END;

CREATE TRIGGER audit_logs_no_update BEFORE UPDATE ON audit_logs
BEGIN
  SELECT RAISE(ABORT, 'audit_logs is append-only');
END;

CREATE TABLE auth_tokens (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL CHECK (purpose IN ('verify', 'reset', 'email_change', 'invite', 'mfa_challenge')),
  token_hash TEXT NOT NULL UNIQUE,
  data_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(data_json)), -- personal
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

CREATE INDEX auth_tokens_expiry ON auth_tokens (expires_at);

CREATE INDEX auth_tokens_user ON auth_tokens (user_id, purpose, created_at);

CREATE TABLE blob_chunks (
  blob_id TEXT NOT NULL REFERENCES blobs (id),
  seq INTEGER NOT NULL CHECK (seq >= 0),
  data BLOB NOT NULL,
  PRIMARY KEY (blob_id, seq)
) STRICT;

CREATE TABLE blobs (
  id TEXT PRIMARY KEY,
  sha256 TEXT UNIQUE, -- hex
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX blobs_unfinished ON blobs (id) WHERE sha256 IS NULL;

CREATE TABLE certificates (
  id TEXT PRIMARY KEY,
  serial TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  course_id TEXT NOT NULL REFERENCES courses (id),
  school TEXT NOT NULL,
  course_title TEXT NOT NULL,
  name_on TEXT NOT NULL CHECK (name_on <> ''), -- personal
  issued_at INTEGER NOT NULL,
  expires_at INTEGER CHECK (expires_at > issued_at),
  key_id TEXT NOT NULL,
  signature TEXT NOT NULL, -- base64url
  status TEXT NOT NULL CHECK (status = 'valid' OR status = 'revoked'),
  revoked_at INTEGER,
  revoked_by TEXT REFERENCES users (id), -- personal
  revoked_reason TEXT,
  UNIQUE (user_id, course_id),
  CHECK ((status = 'revoked') = (revoked_at IS NOT NULL) AND (revoked_at IS NULL) = (revoked_reason IS NULL))
) STRICT;

CREATE INDEX certificates_by_course ON certificates (course_id);

CREATE INDEX certificates_by_revoker ON certificates (revoked_by) WHERE revoked_by IS NOT NULL;

CREATE TABLE checkouts ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  email TEXT NOT NULL,
  plan_id TEXT REFERENCES plans (id),
  product_id TEXT REFERENCES products (id),
  price_id TEXT NOT NULL REFERENCES prices (id),
  trial_days INTEGER NOT NULL DEFAULT 0,
  coupon_id TEXT REFERENCES coupons (id),
  provider TEXT NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'completed', 'expired', 'failed')),
  provider_session_id TEXT,
  url TEXT,
  amount_minor INTEGER NOT NULL, -- before the discount
  discount_minor INTEGER NOT NULL DEFAULT 0 CHECK (discount_minor BETWEEN 0 AND amount_minor),
  currency TEXT NOT NULL,
  success_url TEXT NOT NULL,
  cancel_url TEXT NOT NULL,
  request_body TEXT,
  job_id TEXT,
  error_code TEXT,
  error_message TEXT,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER, tax_name TEXT, tax_country TEXT, tax_basis_points INTEGER CHECK (tax_basis_points BETWEEN 1 AND 10000), tax_inclusive INTEGER CHECK (tax_inclusive IN (0, 1)), tax_minor INTEGER NOT NULL DEFAULT 0 CHECK (tax_minor >= 0), reminded_at INTEGER, test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1)),
  CHECK ((plan_id IS NULL) <> (product_id IS NULL))
) STRICT;

CREATE INDEX checkouts_open ON checkouts (status, expires_at) WHERE status = 'open';

CREATE UNIQUE INDEX checkouts_session ON checkouts (provider, provider_session_id) WHERE provider_session_id IS NOT NULL;

CREATE INDEX checkouts_unfinished ON checkouts (created_at) WHERE status = 'expired' AND reminded_at IS NULL;

CREATE INDEX checkouts_user ON checkouts (user_id, created_at DESC);

CREATE TABLE consents (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose TEXT NOT NULL,
  version TEXT NOT NULL,
  granted INTEGER NOT NULL CHECK (granted IN (0, 1)),
  source_ip TEXT NOT NULL, -- personal
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_user ON consents (user_id, purpose, at);

CREATE TABLE content_modules (
  id TEXT PRIMARY KEY,
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  slug TEXT NOT NULL,
  file_name TEXT, -- of the folder it came from, so that an export writes the same
  title TEXT NOT NULL CHECK (title <> ''),
  content TEXT NOT NULL, -- Markdown
  content_html TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 1),
  order_index INTEGER NOT NULL,
  preview INTEGER NOT NULL CHECK (preview IN (0, 1)), -- everybody may read its introduction
  drip_days INTEGER CHECK (drip_days >= 0), -- opens so many days after joining
  drip_at INTEGER, -- opens at this time
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, edit INTEGER NOT NULL DEFAULT 1,
  UNIQUE (course_id, order_index),
  UNIQUE (course_id, slug)
) STRICT;

CREATE TRIGGER modules_not_searchable AFTER DELETE ON content_modules BEGIN
  DELETE FROM search_entries WHERE ref_id = OLD.id;
END;

CREATE TRIGGER modules_searchable AFTER INSERT ON content_modules BEGIN
  INSERT INTO search_entries (ref_id, kind, course_id, title, body)
  VALUES (NEW.id, 'module', NEW.course_id, NEW.title, NEW.content);
END;

CREATE TRIGGER modules_searchable_anew AFTER UPDATE OF title, content ON content_modules
WHEN OLD.title <> NEW.title OR OLD.content <> NEW.content BEGIN
  UPDATE search_entries SET title = NEW.title, body = NEW.content WHERE ref_id = NEW.id;
END;

CREATE TABLE coupon_redemptions ( -- personal
  id TEXT PRIMARY KEY,
  coupon_id TEXT NOT NULL REFERENCES coupons (id),
  user_id TEXT NOT NULL,
  checkout_id TEXT NOT NULL UNIQUE REFERENCES checkouts (id),
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX coupon_redemptions_of ON coupon_redemptions (coupon_id, user_id);

CREATE TABLE coupon_targets (
  coupon_id TEXT NOT NULL REFERENCES coupons (id),
  target_id TEXT NOT NULL, -- a plan or a product
  PRIMARY KEY (coupon_id, target_id)
) STRICT;

CREATE TABLE coupons (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE CHECK (code = upper(code)),
  name TEXT NOT NULL,
  percent INTEGER CHECK (percent BETWEEN 1 AND 100),
  amount_minor INTEGER CHECK (amount_minor > 0),
  currency TEXT,
  duration TEXT NOT NULL DEFAULT 'once' CHECK (duration IN ('once', 'repeating', 'forever')), -- of a subscription
  duration_months INTEGER CHECK (duration_months BETWEEN 1 AND 36),
  max_uses INTEGER CHECK (max_uses > 0), -- NULL: without limit
  used INTEGER NOT NULL DEFAULT 0 CHECK (used >= 0), -- redemptions, of open checkouts too
  per_user INTEGER CHECK (per_user > 0),
  starts_at INTEGER,
  ends_at INTEGER,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  provider_coupon_id TEXT,
  created_at INTEGER NOT NULL,
  CHECK ((percent IS NULL) <> (amount_minor IS NULL)),
  CHECK ((amount_minor IS NULL) = (currency IS NULL)),
  CHECK ((duration = 'repeating') = (duration_months IS NOT NULL))
) STRICT;

CREATE TABLE course_files (
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  path TEXT NOT NULL, -- from the course's folder: media/drone.ogg
  media_id TEXT NOT NULL REFERENCES media (id),
  PRIMARY KEY (course_id, path)
) STRICT, WITHOUT ROWID;

CREATE INDEX course_files_by_media ON course_files (media_id);

CREATE TABLE courses (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL CHECK (title <> ''),
  summary TEXT NOT NULL,
  body_md TEXT NOT NULL,
  body_html TEXT NOT NULL, -- rendered from body_md when it was written
  cover_media_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('draft', 'published', 'archived')),
  instructor_id TEXT REFERENCES users (id), -- personal
  instructor_name TEXT, -- shown with the course
  category TEXT,
  access TEXT NOT NULL CHECK (access IN ('free', 'paid')),
  accent TEXT NOT NULL CHECK (accent IN ('violet', 'teal', 'amber', 'rose', 'blue', 'green')),
  level_gate INTEGER NOT NULL CHECK (level_gate IN (0, 1)), -- a level opens when the one before it is completed
  certificate_enabled INTEGER NOT NULL DEFAULT 0 CHECK (certificate_enabled IN (0, 1)),
  rules_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(rules_json)),
  revision INTEGER NOT NULL DEFAULT 1, -- grows with every change of the course's lessons or their order
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  published_at INTEGER
, edit INTEGER NOT NULL DEFAULT 1) STRICT;

CREATE INDEX courses_by_change ON courses (updated_at, id);

CREATE INDEX courses_by_instructor ON courses (instructor_id, updated_at);

CREATE INDEX courses_by_status ON courses (status, published_at);

CREATE TRIGGER courses_not_searchable AFTER DELETE ON courses BEGIN
  DELETE FROM search_entries WHERE ref_id = OLD.id;
END;

CREATE TRIGGER courses_searchable AFTER INSERT ON courses BEGIN
  INSERT INTO search_entries (ref_id, kind, course_id, title, body)
  VALUES (NEW.id, 'course', NEW.id, NEW.title, NEW.summary || char(10) || NEW.body_md);
END;

CREATE TRIGGER courses_searchable_anew AFTER UPDATE OF title, summary, body_md ON courses
WHEN OLD.title <> NEW.title OR OLD.summary <> NEW.summary OR OLD.body_md <> NEW.body_md BEGIN
  UPDATE search_entries SET title = NEW.title, body = NEW.summary || char(10) || NEW.body_md WHERE ref_id = NEW.id;
END;

CREATE TABLE credit_notes (
  id TEXT PRIMARY KEY,
  number TEXT NOT NULL UNIQUE,
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  refund_id TEXT NOT NULL UNIQUE REFERENCES refunds (id),
  currency TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  tax_minor INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  withdrawn_at INTEGER -- the refund failed after all
) STRICT;

CREATE INDEX credit_notes_invoice ON credit_notes (invoice_id, number);

CREATE TABLE customers ( -- personal
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  provider_customer_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, provider),
  UNIQUE (provider, provider_customer_id)
) STRICT;

CREATE TABLE disputes (
  id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL REFERENCES payments (id),
  provider TEXT NOT NULL,
  provider_dispute_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  reason TEXT NOT NULL DEFAULT '',
  status TEXT NOT NULL CHECK (status IN ('inquiry', 'open', 'won', 'lost')),
  created_at INTEGER NOT NULL,
  closed_at INTEGER,
  UNIQUE (provider, provider_dispute_id)
) STRICT;

CREATE INDEX disputes_of ON disputes (payment_id);

CREATE TABLE dunning_cases (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  attempts INTEGER NOT NULL DEFAULT 0, -- that failed and were told
  next_at INTEGER, -- NULL: no further try by itself
  grace_until INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('open', 'paused', 'recovered', 'ended')),
  opened_at INTEGER NOT NULL,
  closed_at INTEGER
) STRICT;

CREATE UNIQUE INDEX dunning_cases_open ON dunning_cases (subscription_id) WHERE closed_at IS NULL;

CREATE INDEX dunning_cases_subscription ON dunning_cases (subscription_id);

CREATE TABLE dunning_policy (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  retry_days_json TEXT NOT NULL CHECK (json_valid(retry_days_json)),
  grace_days INTEGER NOT NULL CHECK (grace_days BETWEEN 0 AND 90),
  updated_at INTEGER NOT NULL
) STRICT;

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

CREATE TABLE enrollments (
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  course_id TEXT NOT NULL REFERENCES courses (id) ON DELETE CASCADE,
  source TEXT NOT NULL CHECK (source = 'progress' OR source = 'free' OR source = 'purchase' OR source = 'grant'),
  status TEXT NOT NULL CHECK (status = 'active' OR status = 'completed' OR status = 'removed'),
  done_revision INTEGER NOT NULL,
  done_map BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  completed_at INTEGER CHECK ((completed_at IS NOT NULL) = (status = 'completed')),
  PRIMARY KEY (user_id, course_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX enrollments_by_course ON enrollments (course_id, status);

CREATE INDEX enrollments_in_order ON enrollments (course_id, id);

CREATE TABLE entitlements (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  scope TEXT NOT NULL CHECK (scope IN ('all', 'category', 'course', 'feature')),
  scope_id TEXT NOT NULL CHECK ((scope = 'all') = (scope_id = '')), -- '' where the scope needs no name
  source TEXT NOT NULL CHECK (source IN ('subscription', 'purchase', 'grant', 'coupon', 'manual')),
  source_id TEXT NOT NULL CHECK (source_id <> ''), -- the subscription, the payment, the decision
  starts_at INTEGER NOT NULL,
  ends_at INTEGER CHECK (ends_at >= starts_at), -- NULL: without end
  revoked_at INTEGER,
  reason TEXT NOT NULL CHECK (reason <> ''), -- one sentence for people
  revoke_reason TEXT CHECK ((revoke_reason IS NULL) = (revoked_at IS NULL)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (source, source_id, scope, scope_id)
) STRICT;

CREATE INDEX entitlements_by_user ON entitlements (user_id, revoked_at);

CREATE TABLE gifts (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  plan_id TEXT NOT NULL REFERENCES plans (id),
  plan TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  given_by TEXT,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL CHECK (ends_at > starts_at)
) STRICT;

CREATE INDEX gifts_plan ON gifts (plan_id);

CREATE INDEX gifts_user ON gifts (user_id, starts_at);

CREATE TABLE idempotency_keys (
  key TEXT NOT NULL,
  user_id TEXT NOT NULL,
  route TEXT NOT NULL,
  body_hash TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (key, user_id, route)
) STRICT;

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

CREATE TABLE invoice_lines (
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  position INTEGER NOT NULL,
  plan_id TEXT,
  description TEXT NOT NULL,
  quantity INTEGER NOT NULL DEFAULT 1,
  amount_minor INTEGER NOT NULL,
  period_start INTEGER,
  period_end INTEGER,
  PRIMARY KEY (invoice_id, position)
) STRICT;

CREATE TABLE invoice_series (
  name TEXT PRIMARY KEY,
  last INTEGER NOT NULL CHECK (last >= 0)
) STRICT;

CREATE TABLE invoice_taxes (
  invoice_id TEXT NOT NULL REFERENCES invoices (id),
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  basis_points INTEGER NOT NULL,
  inclusive INTEGER NOT NULL CHECK (inclusive IN (0, 1)),
  taxable_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  PRIMARY KEY (invoice_id, position)
) STRICT;

CREATE TABLE invoices ( -- personal
  id TEXT PRIMARY KEY,
  number TEXT UNIQUE,
  user_id TEXT NOT NULL,
  subscription_id TEXT REFERENCES subscriptions (id),
  checkout_id TEXT REFERENCES checkouts (id),
  provider TEXT NOT NULL,
  provider_invoice_id TEXT NOT NULL,
  provider_number TEXT,
  status TEXT NOT NULL CHECK (status IN ('draft', 'open', 'paid', 'void', 'uncollectible', 'partially_refunded', 'refunded')),
  currency TEXT NOT NULL,
  subtotal_minor INTEGER NOT NULL DEFAULT 0,
  discount_minor INTEGER NOT NULL DEFAULT 0,
  tax_minor INTEGER NOT NULL DEFAULT 0,
  total_minor INTEGER NOT NULL,
  amount INTEGER GENERATED ALWAYS AS (total_minor) VIRTUAL,
  paid_minor INTEGER NOT NULL DEFAULT 0,
  hosted_url TEXT,
  issued_at INTEGER,
  due_at INTEGER,
  paid_at INTEGER,
  created_at INTEGER NOT NULL, seller_json TEXT CHECK (seller_json IS NULL OR json_valid(seller_json)), buyer_json TEXT CHECK (buyer_json IS NULL OR json_valid(buyer_json)), test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1)),
  UNIQUE (provider, provider_invoice_id)
) STRICT;

CREATE INDEX invoices_subscription ON invoices (subscription_id, status);

CREATE INDEX invoices_user ON invoices (user_id, id DESC);

CREATE TABLE jobs (
  id TEXT PRIMARY KEY NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'done', 'dead', 'cancelled')),
  run_at INTEGER NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0 CHECK (attempt >= 0), -- how often it was begun since it was queued
  fence INTEGER NOT NULL DEFAULT 0, -- grows with every lease; a worker whose number has passed may not finish the job
  lease_until INTEGER,
  dedupe_key TEXT,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((status = 'running') = (lease_until IS NOT NULL)),
  CHECK ((status IN ('done', 'dead', 'cancelled')) = (finished_at IS NOT NULL))
) STRICT;

CREATE INDEX jobs_by_end ON jobs (finished_at) WHERE status IN ('done', 'cancelled');

CREATE INDEX jobs_by_lease ON jobs (lease_until) WHERE status = 'running';

CREATE INDEX jobs_by_status ON jobs (status, kind, run_at);

CREATE UNIQUE INDEX jobs_dedupe ON jobs (dedupe_key) WHERE status IN ('queued', 'running');

CREATE TABLE leaderboard_people (
  user_id TEXT PRIMARY KEY REFERENCES users (id), -- personal
  since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TRIGGER leaderboard_joined AFTER INSERT ON leaderboard_people
BEGIN
  INSERT INTO leaderboard_points (user_id, period, course_id, points, oldest_at)
  SELECT NEW.user_id, p.period, x.course_id, SUM(x.points), MIN(x.at)
  FROM (SELECT 'week' AS period, NEW.since - 604800000 AS from_at UNION ALL
        SELECT 'month', NEW.since - 2592000000 UNION ALL SELECT 'all', 0) p
  JOIN (SELECT '' AS course_id, points, at FROM xp_events WHERE user_id = NEW.user_id UNION ALL
        SELECT course_id, points, at FROM xp_events WHERE user_id = NEW.user_id AND course_id <> '') x
    ON x.at >= p.from_at
  GROUP BY p.period, x.course_id;
END;

CREATE TABLE leaderboard_places (
  course_id TEXT NOT NULL,
  period TEXT NOT NULL,
  points INTEGER NOT NULL,
  people INTEGER NOT NULL CHECK (people >= 0),
  PRIMARY KEY (course_id, period, points)
) STRICT, WITHOUT ROWID;

CREATE TABLE leaderboard_points (
  user_id TEXT NOT NULL REFERENCES leaderboard_people (user_id) ON DELETE CASCADE, -- personal
  period TEXT NOT NULL CHECK (period = 'week' OR period = 'month' OR period = 'all'),
  course_id TEXT NOT NULL,
  points INTEGER NOT NULL CHECK (points > 0),
  oldest_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, period, course_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX leaderboard_points_by_age ON leaderboard_points (period, oldest_at) WHERE period <> 'all';

CREATE INDEX leaderboard_points_in_order ON leaderboard_points (course_id, period, points DESC, user_id);

CREATE TRIGGER leaderboard_place_changed AFTER UPDATE OF points ON leaderboard_points
WHEN NEW.points <> OLD.points
BEGIN
  INSERT INTO leaderboard_places (course_id, period, points, people)
  VALUES (NEW.course_id, NEW.period, NEW.points, 1)
  ON CONFLICT (course_id, period, points) DO UPDATE SET people = leaderboard_places.people + 1;
  UPDATE leaderboard_places SET people = people - 1
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points;
  DELETE FROM leaderboard_places
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points AND people = 0;
END;

CREATE TRIGGER leaderboard_place_left AFTER DELETE ON leaderboard_points
BEGIN
  UPDATE leaderboard_places SET people = people - 1
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points;
  DELETE FROM leaderboard_places
  WHERE course_id = OLD.course_id AND period = OLD.period AND points = OLD.points AND people = 0;
END;

CREATE TRIGGER leaderboard_place_taken AFTER INSERT ON leaderboard_points
BEGIN
  INSERT INTO leaderboard_places (course_id, period, points, people)
  VALUES (NEW.course_id, NEW.period, NEW.points, 1)
  ON CONFLICT (course_id, period, points) DO UPDATE SET people = leaderboard_places.people + 1;
END;

CREATE TABLE "lessons" (
  id TEXT PRIMARY KEY,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  slug TEXT NOT NULL,
  file_name TEXT,
  kind TEXT NOT NULL CHECK (
    kind IN ('text', 'image', 'audio', 'video', 'file', 'embed', 'quiz', 'case_review', 'practice')),
  title TEXT NOT NULL CHECK (title <> ''),
  body_md TEXT NOT NULL,
  body_html TEXT NOT NULL,
  media_id TEXT,
  embed_url TEXT CHECK ((kind = 'embed') = (embed_url IS NOT NULL)),
  preview INTEGER NOT NULL CHECK (preview IN (0, 1)), -- everybody may open it
  downloadable INTEGER NOT NULL DEFAULT 0 CHECK (downloadable IN (0, 1)),
  duration_seconds INTEGER CHECK (duration_seconds > 0),
  rules_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(rules_json)),
  order_index INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, edit INTEGER NOT NULL DEFAULT 1,
  UNIQUE (module_id, order_index),
  UNIQUE (module_id, slug)
) STRICT;

CREATE INDEX lessons_by_media ON lessons (media_id) WHERE media_id IS NOT NULL;

CREATE TRIGGER lessons_not_searchable AFTER DELETE ON lessons BEGIN
  DELETE FROM search_entries WHERE ref_id = OLD.id;
END;

CREATE TRIGGER lessons_searchable AFTER INSERT ON lessons BEGIN
  INSERT INTO search_entries (ref_id, kind, course_id, title, body)
  SELECT NEW.id, 'lesson', course_id, NEW.title, NEW.body_md FROM content_modules WHERE id = NEW.module_id;
END;

CREATE TRIGGER lessons_searchable_anew AFTER UPDATE OF title, body_md ON lessons
WHEN OLD.title <> NEW.title OR OLD.body_md <> NEW.body_md BEGIN
  UPDATE search_entries SET title = NEW.title, body = NEW.body_md WHERE ref_id = NEW.id;
END;

CREATE TABLE login_attempts (
  id INTEGER PRIMARY KEY,
  email_hash TEXT NOT NULL, -- personal
  ip TEXT NOT NULL, -- personal
  ok INTEGER NOT NULL CHECK (ok IN (0, 1)),
  at INTEGER NOT NULL
, browser TEXT NOT NULL DEFAULT '') STRICT;

CREATE INDEX login_attempts_account ON login_attempts (email_hash, ok, at);

CREATE INDEX login_attempts_at ON login_attempts (at);

CREATE INDEX login_attempts_browser ON login_attempts (email_hash, browser, ok, at) WHERE browser <> '';

CREATE INDEX login_attempts_ip ON login_attempts (ip, ok, at);

CREATE TABLE manual_payments ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  checkout_id TEXT NOT NULL UNIQUE REFERENCES checkouts (id),
  method TEXT NOT NULL CHECK (method IN ('bank', 'mobile_money', 'cash')),
  note TEXT NOT NULL DEFAULT '',
  proof_media_id TEXT,
  status TEXT NOT NULL CHECK (status IN ('submitted', 'approved', 'rejected', 'withdrawn')),
  reviewer_id TEXT,
  review_note TEXT,
  created_at INTEGER NOT NULL,
  reviewed_at INTEGER
) STRICT;

CREATE INDEX manual_payments_proof ON manual_payments (proof_media_id);

CREATE INDEX manual_payments_status ON manual_payments (status, id);

CREATE INDEX manual_payments_user ON manual_payments (user_id, id DESC);

CREATE TABLE media (
  id TEXT PRIMARY KEY,
  owner_id TEXT REFERENCES users (id), -- personal; NULL: came with a course, or its owner is gone
  purpose TEXT NOT NULL CHECK (purpose IN ('avatar', 'proof', 'lesson')),
  visibility TEXT NOT NULL CHECK (visibility IN ('public', 'entitled', 'private')),
  kind TEXT NOT NULL CHECK (kind IN ('image', 'audio', 'video', 'file')),
  name TEXT NOT NULL CHECK (name <> ''), -- personal
  mime TEXT NOT NULL,
  bytes INTEGER NOT NULL CHECK (bytes >= 0),
  width INTEGER CHECK (width > 0),
  height INTEGER CHECK (height > 0),
  blob_id TEXT NOT NULL REFERENCES blobs (id),
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX media_by_blob ON media (blob_id);

CREATE INDEX media_by_kind ON media (purpose, kind, id);

CREATE INDEX media_by_owner ON media (owner_id, purpose);

CREATE TABLE media_uses (
  media_id TEXT NOT NULL REFERENCES media (id),
  course_id TEXT REFERENCES courses (id) ON DELETE CASCADE,
  module_id TEXT REFERENCES content_modules (id) ON DELETE CASCADE,
  lesson_id TEXT REFERENCES lessons (id) ON DELETE CASCADE,
  CHECK ((course_id IS NOT NULL) + (module_id IS NOT NULL) + (lesson_id IS NOT NULL) = 1)
) STRICT;

CREATE INDEX media_uses_by_course ON media_uses (course_id);

CREATE INDEX media_uses_by_lesson ON media_uses (lesson_id);

CREATE INDEX media_uses_by_media ON media_uses (media_id);

CREATE INDEX media_uses_by_module ON media_uses (module_id);

CREATE TABLE mfa_factors (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('totp')),
  secret BLOB NOT NULL, -- personal, sealed
  confirmed_at INTEGER, -- NULL: shown, but no code of it was seen yet
  last_step INTEGER NOT NULL DEFAULT 0, -- the newest 30 s step whose code was used
  created_at INTEGER NOT NULL,
  UNIQUE (user_id, kind)
) STRICT;

CREATE TABLE mfa_recovery_codes (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  code_hash TEXT NOT NULL, -- personal
  used_at INTEGER,
  UNIQUE (user_id, code_hash)
) STRICT;

CREATE VIEW payment_records AS
SELECT id, user_id, stripe_payment_id, amount_minor / 100.0 AS amount, payment_date FROM payments WHERE provider = 'stripe';

CREATE TABLE payments ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT,
  email TEXT NOT NULL CHECK (length(email) <= 255),
  invoice_id TEXT REFERENCES invoices (id),
  checkout_id TEXT REFERENCES checkouts (id),
  provider TEXT NOT NULL CHECK (provider IN ('stripe', 'paystack', 'manual')),
  reference TEXT NOT NULL UNIQUE,
  provider_payment_id TEXT,
  stripe_payment_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN provider_payment_id END) VIRTUAL,
  paystack_ref TEXT GENERATED ALWAYS AS (CASE provider WHEN 'paystack' THEN provider_payment_id END) VIRTUAL,
  channel TEXT,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  amount INTEGER GENERATED ALWAYS AS (amount_minor) VIRTUAL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN
    ('pending', 'processing', 'success', 'failed', 'cancelled', 'partially_refunded', 'refunded', 'disputed')),
  failure_code TEXT,
  failure_message TEXT,
  notes TEXT,
  metadata_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(metadata_json)),
  payment_date INTEGER,
  verified_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, product_id TEXT REFERENCES products (id), url TEXT, test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1))) STRICT;

CREATE INDEX payments_checkout ON payments (checkout_id) WHERE checkout_id IS NOT NULL;

CREATE INDEX payments_created ON payments (created_at DESC);

CREATE INDEX payments_email ON payments (email);

CREATE INDEX payments_invoice ON payments (invoice_id) WHERE invoice_id IS NOT NULL;

CREATE UNIQUE INDEX payments_provider ON payments (provider, provider_payment_id) WHERE provider_payment_id IS NOT NULL;

CREATE INDEX payments_status ON payments (status);

CREATE INDEX payments_user ON payments (user_id, id DESC);

CREATE TRIGGER payments_only_forward BEFORE UPDATE OF status ON payments
WHEN (OLD.status IN ('success', 'partially_refunded', 'refunded', 'disputed')
      AND NEW.status IN ('pending', 'processing', 'failed', 'cancelled'))
  OR (OLD.status = 'refunded' AND NEW.status IN ('success', 'partially_refunded')
      AND (SELECT COALESCE(SUM(amount_minor), 0) FROM refunds
           WHERE payment_id = NEW.id AND status IN ('pending', 'succeeded')) >= NEW.amount_minor)
BEGIN
  SELECT RAISE(ABORT, 'a payment does not move backwards');
END;

CREATE TRIGGER update_subscription_on_payment AFTER INSERT ON payments
WHEN NEW.status = 'success' AND NEW.invoice_id IS NOT NULL
BEGIN
  UPDATE subscriptions SET status = 'active', grace_until = NULL, updated_at = NEW.updated_at
  WHERE id = (SELECT subscription_id FROM invoices WHERE id = NEW.invoice_id)
    AND status IN ('incomplete', 'past_due', 'unpaid');
END;

CREATE TRIGGER update_subscription_on_payment_status AFTER UPDATE OF status ON payments
WHEN NEW.status = 'success' AND OLD.status IN ('pending', 'processing', 'failed', 'cancelled')
  AND NEW.invoice_id IS NOT NULL
BEGIN
  UPDATE subscriptions SET status = 'active', grace_until = NULL, updated_at = NEW.updated_at
  WHERE id = (SELECT subscription_id FROM invoices WHERE id = NEW.invoice_id)
    AND status IN ('incomplete', 'past_due', 'unpaid');
END;

CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  features_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(features_json)),
  scope TEXT NOT NULL CHECK (scope IN ('all', 'category', 'course', 'feature')),
  scope_id TEXT NOT NULL DEFAULT '',
  plan_group TEXT NOT NULL DEFAULT 'main',
  trial_days INTEGER NOT NULL DEFAULT 0 CHECK (trial_days BETWEEN 0 AND 730),
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  sort INTEGER NOT NULL DEFAULT 0,
  provider_product_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE practice_answers (
  round_id TEXT NOT NULL REFERENCES practice_rounds (id) ON DELETE CASCADE,
  number INTEGER NOT NULL CHECK (number >= 0),
  answer_json TEXT NOT NULL CHECK (json_valid(answer_json)), -- personal
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 100),
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (round_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE practice_rounds (
  id TEXT PRIMARY KEY,
  lesson_id TEXT NOT NULL REFERENCES lessons (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  seed INTEGER NOT NULL,
  spec_json TEXT NOT NULL CHECK (json_valid(spec_json)),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  points INTEGER NOT NULL DEFAULT 0 CHECK (points >= 0), -- hundredths of an exercise
  answered INTEGER NOT NULL DEFAULT 0 CHECK (answered >= 0),
  total INTEGER NOT NULL CHECK (total >= 1),
  passed INTEGER CHECK (passed IN (0, 1)),
  CHECK ((finished_at IS NULL) = (passed IS NULL))
) STRICT;

CREATE INDEX practice_rounds_by_lesson ON practice_rounds (lesson_id);

CREATE INDEX practice_rounds_by_user ON practice_rounds (user_id, lesson_id, started_at);

CREATE TABLE prices (
  id TEXT PRIMARY KEY,
  plan_id TEXT REFERENCES plans (id),
  product_id TEXT REFERENCES products (id),
  currency TEXT NOT NULL CHECK (length(currency) = 3),
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  interval TEXT NOT NULL CHECK (interval IN ('once', 'day', 'week', 'month', 'year')),
  interval_count INTEGER NOT NULL DEFAULT 1 CHECK (interval_count BETWEEN 1 AND 36),
  provider TEXT,
  provider_price_id TEXT,
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  created_at INTEGER NOT NULL,
  CHECK ((plan_id IS NULL) <> (product_id IS NULL)),
  -- A plan renews, a product does not: money taken once for a plan would open nothing.
  CHECK ((product_id IS NULL) = (interval <> 'once'))
) STRICT;

CREATE INDEX prices_plan ON prices (plan_id, active);

CREATE INDEX prices_product ON prices (product_id, active);

CREATE UNIQUE INDEX prices_provider ON prices (provider, provider_price_id) WHERE provider_price_id IS NOT NULL;

CREATE TABLE product_scopes (
  product_id TEXT NOT NULL REFERENCES products (id),
  scope TEXT NOT NULL CHECK (scope IN ('all', 'category', 'course', 'feature')),
  scope_id TEXT NOT NULL CHECK ((scope = 'all') = (scope_id = '')),
  PRIMARY KEY (product_id, scope, scope_id)
) STRICT;

CREATE TABLE products (
  id TEXT PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL CHECK (kind IN ('course', 'bundle', 'full_access')),
  access_days INTEGER CHECK (access_days BETWEEN 1 AND 36500), -- NULL: for good
  active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
  sort INTEGER NOT NULL DEFAULT 0,
  provider_product_id TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE progress (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  scope TEXT NOT NULL CHECK (scope = 'lesson' OR scope = 'module' OR scope = 'level' OR scope = 'course'),
  scope_id TEXT NOT NULL,
  course_id TEXT NOT NULL,
  level INTEGER NOT NULL,
  score_best REAL CHECK (score_best BETWEEN 0 AND 100),
  score_last REAL CHECK (score_last BETWEEN 0 AND 100),
  completed INTEGER NOT NULL CHECK (completed IN (0, 1)),
  completed_at INTEGER CHECK ((completed_at IS NOT NULL) = completed),
  position_s INTEGER NOT NULL DEFAULT 0 CHECK (position_s >= 0),
  watched_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(watched_json)), -- seconds, as [[from, to], ...]
  attempts INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  id TEXT GENERATED ALWAYS AS (user_id || ':' || scope_id) VIRTUAL, score REAL GENERATED ALWAYS AS (score_best) VIRTUAL,
  PRIMARY KEY (user_id, scope, scope_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE provider_modes (
  provider TEXT PRIMARY KEY,
  test INTEGER NOT NULL CHECK (test IN (0, 1)), -- from 1 to 0 once, never back
  since INTEGER NOT NULL
) STRICT;

CREATE TABLE "quiz_answers" (
  attempt_id TEXT NOT NULL REFERENCES "quiz_attempts" (id) ON DELETE CASCADE,
  question_id TEXT NOT NULL REFERENCES "quiz_data" (id) ON DELETE CASCADE,
  answer_json TEXT NOT NULL CHECK (json_valid(answer_json)), -- personal
  correct INTEGER NOT NULL CHECK (correct IN (0, 1)),
  points INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (attempt_id, question_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX quiz_answers_by_question ON quiz_answers (question_id);

CREATE TABLE "quiz_attempts" (
  id TEXT PRIMARY KEY,
  quiz_id TEXT NOT NULL REFERENCES "quizzes" (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  no INTEGER NOT NULL CHECK (no >= 1),
  question_order_json TEXT NOT NULL CHECK (json_valid(question_order_json)), -- the questions' ids as asked
  started_at INTEGER NOT NULL,
  deadline_at INTEGER,
  submitted_at INTEGER,
  score INTEGER,
  max_score INTEGER NOT NULL,
  passed INTEGER CHECK (passed IN (0, 1)),
  UNIQUE (quiz_id, user_id, no),
  CHECK ((submitted_at IS NULL) = (score IS NULL) AND (submitted_at IS NULL) = (passed IS NULL))
) STRICT;

CREATE INDEX quiz_attempts_by_user ON quiz_attempts (user_id);

CREATE INDEX quiz_attempts_first ON quiz_attempts (quiz_id, submitted_at DESC) WHERE no = 1 AND submitted_at IS NOT NULL;

CREATE TABLE "quiz_data" (
  id TEXT PRIMARY KEY,
  quiz_id TEXT NOT NULL REFERENCES "quizzes" (id) ON DELETE CASCADE,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('single', 'multiple', 'true_false', 'number', 'text', 'ordering', 'matching')),
  question TEXT NOT NULL CHECK (question <> ''), -- Markdown
  options_json TEXT NOT NULL CHECK (json_valid(options_json)), -- a list of inline Markdown
  correct_answer TEXT NOT NULL CHECK (json_valid(correct_answer)),
  explanation TEXT NOT NULL, -- Markdown
  points INTEGER NOT NULL CHECK (points BETWEEN 1 AND 100),
  order_index INTEGER NOT NULL,
  retired_at INTEGER, -- taken out of the quiz; kept for the attempts that answered it
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, edit INTEGER NOT NULL DEFAULT 1, media_id TEXT, options TEXT GENERATED ALWAYS AS (options_json) VIRTUAL) STRICT;

CREATE INDEX quiz_data_by_media ON quiz_data (media_id) WHERE media_id IS NOT NULL;

CREATE INDEX quiz_data_by_module ON quiz_data (module_id);

CREATE INDEX quiz_data_by_quiz ON quiz_data (quiz_id, order_index);

CREATE TABLE "quizzes" (
  id TEXT PRIMARY KEY,
  module_id TEXT NOT NULL REFERENCES content_modules (id) ON DELETE CASCADE,
  lesson_id TEXT NOT NULL UNIQUE REFERENCES "lessons" (id) ON DELETE CASCADE,
  title TEXT NOT NULL CHECK (title <> ''),
  pass_percent INTEGER NOT NULL CHECK (pass_percent BETWEEN 0 AND 100),
  max_attempts INTEGER CHECK (max_attempts >= 1), -- NULL: as often as one likes
  time_limit_s INTEGER CHECK (time_limit_s >= 1),
  shuffle INTEGER NOT NULL DEFAULT 0 CHECK (shuffle IN (0, 1)),
  feedback TEXT NOT NULL DEFAULT 'immediate' CHECK (feedback IN ('immediate', 'after', 'never')),
  negative_marks INTEGER NOT NULL DEFAULT 0 CHECK (negative_marks IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, edit INTEGER NOT NULL DEFAULT 1, draw INTEGER CHECK (draw >= 1)) STRICT;

CREATE INDEX quizzes_by_module ON quizzes (module_id);

CREATE TABLE reconcile_differences (
  run_id TEXT NOT NULL REFERENCES reconcile_runs (id),
  position INTEGER NOT NULL,
  provider TEXT NOT NULL,
  subject TEXT NOT NULL, -- "payment PSK-...", "checkout STR-..."
  found TEXT NOT NULL,
  fixed INTEGER NOT NULL CHECK (fixed IN (0, 1)),
  PRIMARY KEY (run_id, position)
) STRICT;

CREATE TABLE reconcile_runs (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL DEFAULT '', -- '': all
  since INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed')),
  checked INTEGER NOT NULL DEFAULT 0,
  fixed INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  started_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;

CREATE TABLE refunds ( -- personal
  id TEXT PRIMARY KEY,
  payment_id TEXT NOT NULL REFERENCES payments (id),
  provider TEXT NOT NULL,
  provider_refund_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  reason TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed', 'cancelled')),
  created_at INTEGER NOT NULL, access_policy TEXT NOT NULL DEFAULT 'keep'
  CHECK (access_policy IN ('keep', 'end_now', 'end_at')), access_ends_at INTEGER, lines_json TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(lines_json)), actor_id TEXT, job_id TEXT, error_message TEXT, done_at INTEGER, tax_minor INTEGER NOT NULL DEFAULT 0,
  UNIQUE (provider, provider_refund_id)
) STRICT;

CREATE INDEX refunds_created ON refunds (id DESC);

CREATE INDEX refunds_of ON refunds (payment_id);

CREATE TABLE remote_names (
  provider TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('tax_rate', 'plan')),
  own TEXT NOT NULL, -- ours: a tax in words, a price with its whole amount
  remote TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (provider, kind, own),
  UNIQUE (provider, kind, remote)
) STRICT;

CREATE TABLE renewal_charges (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  period_start INTEGER NOT NULL, -- of the period it is for
  attempt INTEGER NOT NULL,
  reference TEXT NOT NULL UNIQUE,
  amount_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('pending', 'success', 'failed')),
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  UNIQUE (subscription_id, period_start, attempt)
) STRICT;

CREATE TABLE saved_cards ( -- personal
  user_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  authorization TEXT NOT NULL, -- sealed, in base64
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, provider)
) STRICT;

CREATE TABLE schedules (
  name TEXT PRIMARY KEY NOT NULL,
  next_at INTEGER NOT NULL,
  last_at INTEGER,
  last_status TEXT CHECK (last_status IN ('done', 'later', 'dead')),
  last_error TEXT
) STRICT;

CREATE TABLE schema_migrations (version INTEGER PRIMARY KEY, name TEXT NOT NULL, sha256 TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;

CREATE TABLE search_entries (
  id INTEGER PRIMARY KEY,
  ref_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('course', 'module', 'lesson')),
  course_id TEXT NOT NULL,
  title TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TRIGGER search_entries_added AFTER INSERT ON search_entries BEGIN
  INSERT INTO search_index (rowid, ref_id, kind, course_id, title, body)
  VALUES (NEW.id, NEW.ref_id, NEW.kind, NEW.course_id, NEW.title, NEW.body);
END;

CREATE TRIGGER search_entries_changed AFTER UPDATE ON search_entries BEGIN
  INSERT INTO search_index (search_index, rowid, ref_id, kind, course_id, title, body)
  VALUES ('delete', OLD.id, OLD.ref_id, OLD.kind, OLD.course_id, OLD.title, OLD.body);
  INSERT INTO search_index (rowid, ref_id, kind, course_id, title, body)
  VALUES (NEW.id, NEW.ref_id, NEW.kind, NEW.course_id, NEW.title, NEW.body);
END;

CREATE TRIGGER search_entries_removed AFTER DELETE ON search_entries BEGIN
  INSERT INTO search_index (search_index, rowid, ref_id, kind, course_id, title, body)
  VALUES ('delete', OLD.id, OLD.ref_id, OLD.kind, OLD.course_id, OLD.title, OLD.body);
END;

CREATE VIRTUAL TABLE search_index USING fts5(
  ref_id UNINDEXED, kind UNINDEXED, course_id UNINDEXED, title, body,
  content = 'search_entries', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3');

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('cookie', 'bearer')),
  generation INTEGER NOT NULL DEFAULT 1,
  rotated_at INTEGER NOT NULL,
  access_until INTEGER NOT NULL, -- when the newest access token runs out
  ip TEXT NOT NULL, -- personal
  user_agent TEXT NOT NULL, -- personal
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoke_reason TEXT
) STRICT;

CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE INDEX sessions_revoked ON sessions (access_until) WHERE revoked_at IS NOT NULL;

CREATE INDEX sessions_user ON sessions (user_id, created_at);

CREATE VIEW stripe_events AS
SELECT id, event_id, payload AS raw_payload, processed_at FROM webhook_events WHERE provider = 'stripe';

CREATE TABLE subscription_changes (
  id INTEGER PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  actor_id TEXT,
  kind TEXT NOT NULL,
  old_json TEXT NOT NULL CHECK (json_valid(old_json)),
  new_json TEXT NOT NULL CHECK (json_valid(new_json)),
  reason TEXT,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX subscription_changes_of ON subscription_changes (subscription_id, id);

CREATE TABLE "subscription_orders" (
  id TEXT PRIMARY KEY,
  subscription_id TEXT NOT NULL REFERENCES subscriptions (id),
  kind TEXT NOT NULL CHECK (kind IN ('cancel_at_end', 'cancel_now', 'resume', 'change_now', 'change_at_end', 'keep_plan', 'pause')),
  price_id TEXT REFERENCES prices (id),
  proration_at INTEGER,
  reason TEXT,
  comment TEXT, -- personal
  status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'done', 'failed')),
  job_id TEXT,
  error_code TEXT,
  error_message TEXT,
  created_at INTEGER NOT NULL,
  done_at INTEGER
) STRICT;

CREATE INDEX subscription_orders_of ON subscription_orders (subscription_id, status);

CREATE TABLE subscriptions ( -- personal
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL,
  plan_id TEXT NOT NULL REFERENCES plans (id),
  plan TEXT NOT NULL,
  plan_name TEXT NOT NULL,
  plan_group TEXT NOT NULL,
  price_id TEXT REFERENCES prices (id),
  provider TEXT NOT NULL,
  provider_subscription_id TEXT NOT NULL,
  stripe_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN provider_subscription_id END) VIRTUAL,
  stripe_subscription_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN provider_subscription_id END) VIRTUAL,
  status TEXT NOT NULL CHECK (status IN ('incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled')),
  current_period_start INTEGER NOT NULL,
  current_period_end INTEGER NOT NULL,
  trial_end INTEGER,
  cancel_at_period_end INTEGER NOT NULL DEFAULT 0 CHECK (cancel_at_period_end IN (0, 1)),
  cancel_reason TEXT,
  cancelled_at INTEGER,
  ended_at INTEGER,
  grace_until INTEGER,
  surplus INTEGER NOT NULL DEFAULT 0 CHECK (surplus IN (0, 1)), -- paid beside a live one: cancelled and refunded
  scheduled_price_id TEXT REFERENCES prices (id), -- what it changes to
  scheduled_at INTEGER, -- and when
  undone_at INTEGER, -- when that was done at the provider
  provider_updated_at INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL, reminded_of INTEGER, moving_at INTEGER, paused_at INTEGER, test INTEGER NOT NULL DEFAULT 0 CHECK (test IN (0, 1)),
  UNIQUE (provider, provider_subscription_id)
) STRICT;

CREATE INDEX subscriptions_due ON subscriptions (status, current_period_end);

CREATE INDEX subscriptions_moving ON subscriptions (moving_at) WHERE moving_at IS NOT NULL;

CREATE UNIQUE INDEX subscriptions_one_live ON subscriptions (user_id, plan_group)
  WHERE status IN ('trialing', 'active', 'past_due', 'unpaid', 'paused');

CREATE INDEX subscriptions_plan ON subscriptions (plan_id, status);

CREATE INDEX subscriptions_plan_code ON subscriptions (plan, status);

CREATE INDEX subscriptions_user ON subscriptions (user_id, status);

CREATE TRIGGER log_subscription_changes AFTER UPDATE ON subscriptions
WHEN OLD.status <> NEW.status OR OLD.plan_id <> NEW.plan_id OR OLD.price_id IS NOT NEW.price_id
  OR OLD.cancel_at_period_end <> NEW.cancel_at_period_end OR OLD.current_period_end <> NEW.current_period_end
BEGIN
  INSERT INTO subscription_changes (subscription_id, kind, old_json, new_json, reason, at)
  VALUES (NEW.id,
    CASE WHEN OLD.plan_id <> NEW.plan_id THEN 'plan' WHEN OLD.status <> NEW.status THEN 'status'
         WHEN OLD.cancel_at_period_end <> NEW.cancel_at_period_end THEN 'cancellation' ELSE 'period' END,
    json_object('plan', OLD.plan, 'status', OLD.status, 'cancelAtPeriodEnd', OLD.cancel_at_period_end,
      'currentPeriodEnd', OLD.current_period_end),
    json_object('plan', NEW.plan, 'status', NEW.status, 'cancelAtPeriodEnd', NEW.cancel_at_period_end,
      'currentPeriodEnd', NEW.current_period_end),
    NEW.cancel_reason, NEW.updated_at);
END;

CREATE TABLE tax_rates (
  id TEXT PRIMARY KEY,
  country TEXT NOT NULL UNIQUE CHECK (length(country) = 2),
  name TEXT NOT NULL,
  basis_points INTEGER NOT NULL CHECK (basis_points BETWEEN 1 AND 10000),
  created_at INTEGER NOT NULL
, inclusive INTEGER NOT NULL DEFAULT 1 CHECK (inclusive IN (0, 1))) STRICT;

CREATE TABLE user_achievements (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  achievement TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, achievement)
) STRICT, WITHOUT ROWID;

CREATE TABLE "user_profiles" (
  id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  full_name TEXT, -- personal
  avatar_media_id TEXT,
  locale TEXT,
  timezone TEXT,
  preferences_json TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(preferences_json)), -- personal
  preferences TEXT GENERATED ALWAYS AS (preferences_json) VIRTUAL,
  billing_name TEXT, -- personal
  billing_address_json TEXT CHECK (billing_address_json IS NULL OR json_valid(billing_address_json)), -- personal
  tax_id TEXT, -- personal
  leaderboard_opt_in INTEGER NOT NULL DEFAULT 0 CHECK (leaderboard_opt_in IN (0, 1)),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  folded_name TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX user_profiles_by_opt_in ON user_profiles (id) WHERE leaderboard_opt_in = 1;

CREATE INDEX user_profiles_by_picture ON user_profiles (avatar_media_id) WHERE avatar_media_id IS NOT NULL;

CREATE INDEX user_profiles_name ON user_profiles (folded_name, id);

CREATE TRIGGER leaderboard_wanted AFTER UPDATE OF leaderboard_opt_in ON user_profiles
WHEN NEW.leaderboard_opt_in <> OLD.leaderboard_opt_in
BEGIN
  DELETE FROM leaderboard_people WHERE user_id = NEW.id;
  INSERT INTO leaderboard_people (user_id, since)
  SELECT u.id, NEW.updated_at FROM users u
  WHERE u.id = NEW.id AND u.status = 'active' AND NEW.leaderboard_opt_in = 1;
END;

CREATE TABLE user_stats (
  user_id TEXT PRIMARY KEY REFERENCES users (id), -- personal
  lessons_done INTEGER NOT NULL,
  quizzes_passed INTEGER NOT NULL,
  seconds INTEGER NOT NULL, -- spent learning
  xp INTEGER NOT NULL,
  streak_days INTEGER NOT NULL,
  streak_best INTEGER NOT NULL,
  last_active_day INTEGER, -- in the person's own time zone, days since 1970-01-01
  day_ends_at INTEGER NOT NULL, -- when that day is over there
  updated_at INTEGER NOT NULL,
  minutes INTEGER GENERATED ALWAYS AS (seconds / 60) VIRTUAL
, achievements INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE CHECK (email = lower(email)), -- personal
  password_hash TEXT, -- NULL: cannot sign in by password
  role TEXT NOT NULL CHECK (role IN ('user', 'instructor', 'admin')),
  is_owner INTEGER NOT NULL DEFAULT 0 CHECK (is_owner IN (0, 1)),
  status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'disabled', 'erased')),
  email_verified_at INTEGER,
  last_login_at INTEGER,
  standing_changed_at INTEGER, -- when role, ownership or status last changed
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
, last_seen_at INTEGER NOT NULL DEFAULT 0) STRICT;

CREATE INDEX users_created ON users (created_at, id);

CREATE INDEX users_owner ON users (is_owner) WHERE is_owner = 1;

CREATE INDEX users_seen ON users (last_seen_at, id);

CREATE INDEX users_standing ON users (standing_changed_at) WHERE standing_changed_at IS NOT NULL;

CREATE TRIGGER leaderboard_person_changed AFTER UPDATE OF status ON users
WHEN NEW.status <> OLD.status
BEGIN
  DELETE FROM leaderboard_people WHERE user_id = NEW.id;
  INSERT INTO leaderboard_people (user_id, since)
  SELECT p.id, NEW.updated_at FROM user_profiles p
  WHERE p.id = NEW.id AND p.leaderboard_opt_in = 1 AND NEW.status = 'active';
END;

CREATE TABLE webhook_events (
  id TEXT PRIMARY KEY,
  provider TEXT NOT NULL,
  event_id TEXT NOT NULL,
  event_type TEXT NOT NULL,
  object_id TEXT,
  stripe_id TEXT GENERATED ALWAYS AS (CASE provider WHEN 'stripe' THEN event_id END) VIRTUAL,
  payload TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('received', 'processed', 'ignored', 'failed', 'dead')),
  processed INTEGER GENERATED ALWAYS AS (status IN ('processed', 'ignored')) VIRTUAL,
  attempts INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  provider_created_at INTEGER,
  created_at INTEGER NOT NULL,
  processed_at INTEGER, headers_json TEXT CHECK (headers_json IS NULL OR json_valid(headers_json)),
  UNIQUE (provider, event_id)
) STRICT;

CREATE INDEX webhook_events_object ON webhook_events (provider, object_id);

CREATE INDEX webhook_events_status ON webhook_events (status, created_at);

CREATE TABLE xp_events (
  user_id TEXT NOT NULL REFERENCES users (id), -- personal
  key TEXT NOT NULL, -- 'lesson:<id>', 'quiz:<id>', 'level:<course id>:<level>', 'course:<id>'
  points INTEGER NOT NULL,
  reason TEXT NOT NULL,
  ref_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  id TEXT GENERATED ALWAYS AS (user_id || ':' || key) VIRTUAL, course_id TEXT,
  PRIMARY KEY (user_id, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX xp_events_by_time ON xp_events (user_id, at, course_id, points);

CREATE TRIGGER leaderboard_awarded AFTER INSERT ON xp_events
WHEN EXISTS (SELECT 1 FROM leaderboard_people WHERE user_id = NEW.user_id)
BEGIN
  INSERT INTO leaderboard_points (user_id, period, course_id, points, oldest_at)
  SELECT NEW.user_id, p.period, c.course_id, NEW.points, NEW.at
  FROM (SELECT 'week' AS period UNION ALL SELECT 'month' UNION ALL SELECT 'all') p,
    (SELECT '' AS course_id UNION SELECT NEW.course_id) c
  WHERE c.course_id IS NOT NULL
  ON CONFLICT (user_id, period, course_id) DO UPDATE SET
    points = leaderboard_points.points + excluded.points,
    oldest_at = CASE WHEN excluded.oldest_at < leaderboard_points.oldest_at THEN excluded.oldest_at
                ELSE leaderboard_points.oldest_at END;
END;
