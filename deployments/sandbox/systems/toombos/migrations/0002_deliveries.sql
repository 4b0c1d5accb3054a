CREATE TABLE deliveries (id bigserial PRIMARY KEY, content bigint REFERENCES contents (id), sent timestamptz, result text);
