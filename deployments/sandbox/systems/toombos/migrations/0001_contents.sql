CREATE TABLE contents (id bigserial PRIMARY KEY, topic text NOT NULL, body text NOT NULL, created timestamptz NOT NULL DEFAULT now());
