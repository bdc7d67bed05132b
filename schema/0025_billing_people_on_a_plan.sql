-- Who is on a plan: asked by its id and by its code, for a list of people that is narrowed to it.

CREATE INDEX subscriptions_plan ON subscriptions (plan_id, status);

CREATE INDEX subscriptions_plan_code ON subscriptions (plan, status);
