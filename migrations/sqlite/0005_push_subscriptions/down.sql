DROP TRIGGER push_subscriptions_end;
DROP TABLE push_subscriptions;
