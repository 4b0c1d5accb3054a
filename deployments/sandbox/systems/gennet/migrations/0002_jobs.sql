CREATE TABLE jobs (id integer PRIMARY KEY, network integer REFERENCES networks (id), state text NOT NULL);
