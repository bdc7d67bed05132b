-- Administrators look the trail up by what an entry is about, and by when.
CREATE INDEX audit_logs_target ON audit_logs (target_id, id) WHERE target_id <> '';
CREATE INDEX audit_logs_time ON audit_logs (timestamp, id);
