-- A subscription that we turn off at its provider to renew it ourselves is marked before the provider is asked, for good:
-- what the provider then tells of its end is our own doing, also after a crash in between.

ALTER TABLE subscriptions ADD COLUMN moving_at INTEGER;
CREATE INDEX subscriptions_moving ON subscriptions (moving_at) WHERE moving_at IS NOT NULL;
