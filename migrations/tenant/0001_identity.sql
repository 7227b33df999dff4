-- Whose schema this is. Every transaction of an establishment begins by asking it.
CREATE TABLE identity (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    establishment_id uuid NOT NULL
);

-- The names that lists show, projected from control: no join crosses the two.
CREATE TABLE staff (
    id uuid PRIMARY KEY,
    display_name text NOT NULL,
    -- Lower case, accents folded.
    search_text text NOT NULL,
    active boolean NOT NULL DEFAULT true
);
