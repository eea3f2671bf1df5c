-- The reader's own records: what is here exists nowhere else, so nothing is ever dropped from it.
-- One part a version, applied in order; `pragma user_version` tells which have been.
--
--   bookmark   words of a work that the reader kept: a W3C TextQuoteSelector (exact, prefix, suffix)
--              with the place (start) as a hint; `label` and `url` say what the work was called, for
--              the day when the archive no longer holds it. A deleted one keeps its row, so that the
--              deletion can be undone.
--   tag        the reader's words for a bookmark, in the order in which they were given

-- version 1
create table bookmark (
    id text primary key,
    work_id text not null,
    exact text not null check (exact <> ''),
    prefix text not null,
    suffix text not null,
    start integer not null check (start >= 0),
    kind text not null check (kind in ('passage', 'quotation', 'comparison')),
    quotation_id text,
    note text not null,
    label text not null,
    url text not null,
    created text not null,
    modified text not null,
    deleted text
) strict;
create index bookmark_work on bookmark (work_id, start);
create table tag (
    bookmark_id text not null references bookmark,
    rank integer not null,
    name text not null check (name <> ''),
    primary key (bookmark_id, rank)
) strict, without rowid;
