CREATE TABLE networks (id integer PRIMARY KEY, owner text NOT NULL, name text NOT NULL);
CREATE TABLE edges (
    network integer NOT NULL REFERENCES networks (id) ON DELETE CASCADE,
    source text NOT NULL,
    target text NOT NULL,
    weight real NOT NULL
);
