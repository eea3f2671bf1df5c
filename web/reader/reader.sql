-- The reader's own records: what is here exists nowhere else, so nothing is ever dropped from it.
-- One part a version, applied in order; `pragma user_version` tells which have been. A part that was
-- released is never edited: what is to be different comes as a further one.
--
--   bookmark   words of a work that the reader kept: a W3C TextQuoteSelector (exact, prefix, suffix)
--              with the place (start) as a hint; `label` and `url` say what the work was called, for
--              the day when the archive no longer holds it. Of a search, `exact` is its query and
--              `address` the page that shows it. A deleted one keeps its row, so that the deletion can
--              be undone.
--   tag        the reader's words for a bookmark, in the order in which they were given
--   judgement  what the reader thinks of the finding of a quotation (known by its essay, `work_id`, and its
--              words as a bookmark's), and the work and the words there that are right in its stead. Never
--              written over: a new one names the one that it `replaces`, which is then set aside.
--   search     a saved search: the query string of its page of results, and how many passages of which
--              work (`seen`, as JSON) it found when the reader last looked
--   change     what was done to some bookmarks at once, so that it can be undone
--   changed    a bookmark of a change: its note, tags, colour, folder and deletion before it and after
--              it, as JSON
--   account    who may keep records on a public server; each has a file of records of its own
--   session    who is signed in there, until when, known by the digest of a token

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

-- version 2
create table judgement (
    id text primary key,
    work_id text not null,
    exact text not null check (exact <> ''),
    prefix text not null,
    suffix text not null,
    start integer not null check (start >= 0),
    label text not null,
    opinion text check (opinion in ('right', 'wrong', 'unclear')),
    note text not null,
    right_work text,
    right_label text,
    right_exact text,
    right_prefix text,
    right_suffix text,
    right_start integer,
    replaces text,
    created text not null,
    deleted text
) strict;
create index judgement_work on judgement (work_id, deleted);

-- version 3
create table search (
    id text primary key,
    name text not null check (name <> ''),
    parameters text not null check (parameters <> ''),
    seen text not null check (json_valid(seen)),
    looked text not null,
    created text not null,
    modified text not null,
    deleted text
) strict;

-- version 4
create table bookmark_2 (
    id text primary key,
    work_id text not null,
    exact text not null check (exact <> ''),
    prefix text not null,
    suffix text not null,
    start integer not null check (start >= 0),
    kind text not null check (kind in ('passage', 'paragraph', 'quotation', 'comparison', 'search')),
    quotation_id text,
    note text not null,
    colour text not null,
    folder text not null,
    label text not null,
    url text not null,
    address text not null,
    created text not null,
    modified text not null,
    deleted text
) strict;
insert into bookmark_2
    select id, work_id, exact, prefix, suffix, start, kind, quotation_id, note, '', '', label, url, '',
           created, modified, deleted
    from bookmark;
drop table bookmark;
alter table bookmark_2 rename to bookmark;
create index bookmark_work on bookmark (work_id, start);
-- All that a list counts and orders by, so that its texts need not be read for it.
create index bookmark_listed on bookmark (deleted, created, id, kind, colour, folder, work_id, label);
create index tag_name on tag (name);
create table change (
    id text primary key,
    made text not null,
    undone text
) strict;
create table changed (
    change_id text not null references change,
    bookmark_id text not null references bookmark,
    before text not null,
    after text not null,
    primary key (change_id, bookmark_id)
) strict, without rowid;

-- version 5
create table account (
    name text primary key,
    hash text not null,
    created text not null
) strict;
create table session (
    token text primary key,
    account text not null references account,
    until text not null
) strict;
