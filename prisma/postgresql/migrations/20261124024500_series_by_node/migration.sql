-- Each node writes points of its own. "at" stays what a point is found by, so that a server of the release before writes on: two that
-- fall on one millisecond are set apart by who writes the second.
ALTER TABLE "series_points" ADD COLUMN "node" TEXT NOT NULL DEFAULT '';
