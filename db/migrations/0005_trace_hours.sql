-- Traces that were stored before are counted after the next start (store/sqlite/traces/hour-counting.ts), in steps.
CREATE TABLE `hours_counted` (
	`id` integer PRIMARY KEY NOT NULL,
	`counted_seq` integer NOT NULL,
	`until_seq` integer NOT NULL,
	`written_seq` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `trace_hours` (
	`label_id` integer NOT NULL,
	`hour` integer NOT NULL,
	`decision` text NOT NULL,
	`traces` integer NOT NULL,
	`declared` integer NOT NULL,
	PRIMARY KEY(`label_id`, `hour`, `decision`)
) WITHOUT ROWID;