-- A program that sends its request again gets another link in the place of the one before, whose secret nobody keeps.

ALTER TABLE access.side_links ADD COLUMN request uuid UNIQUE; -- the key of the request; NULL for a link made on a page

GRANT UPDATE (token_hash) ON access.side_links TO pobratim_app;
