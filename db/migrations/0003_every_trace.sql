-- What was stored before is carried over at the next start (store/sqlite/traces/carry-over.ts), in steps; then `traces_before` is dropped.
CREATE TABLE `blob_mappings` (
	`blob_id` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`label_id` integer,
	PRIMARY KEY(`blob_id`, `recorded_at`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `blob_mappings_time` ON `blob_mappings` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `block_uses` (
	`block_id` integer PRIMARY KEY NOT NULL,
	`uses` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `blocks` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`body` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `context_spans` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`trace_id` text NOT NULL,
	`ref` integer NOT NULL,
	`spans` integer NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `context_spans_time` ON `context_spans` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `dropped_traces` (
	`id` integer PRIMARY KEY NOT NULL,
	`seq` integer NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `holds` (
	`name` text PRIMARY KEY NOT NULL,
	`label_id` integer NOT NULL,
	`held_from` integer NOT NULL,
	`held_to` integer NOT NULL,
	`reason` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `key_pages` (
	`run_id` integer NOT NULL,
	`kind` text NOT NULL,
	`number` integer NOT NULL,
	`body` blob NOT NULL,
	PRIMARY KEY(`run_id`, `kind`, `number`)
);
--> statement-breakpoint
CREATE TABLE `key_runs` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key_index` text NOT NULL,
	`level` integer NOT NULL,
	`state` text NOT NULL,
	`entries` integer NOT NULL,
	`last_ref` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `key_runs_index` ON `key_runs` (`key_index`,`state`);--> statement-breakpoint
CREATE TABLE `mappings` (
	`origin_id` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`label_id` integer,
	`label_by` text,
	PRIMARY KEY(`origin_id`, `recorded_at`),
	FOREIGN KEY (`origin_id`) REFERENCES `origins`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `mappings_time` ON `mappings` (`recorded_at`);--> statement-breakpoint
CREATE TABLE `moves` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`from_label_id` integer,
	FOREIGN KEY (`from_label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `origins` (
	`id` integer PRIMARY KEY NOT NULL,
	`identity` text NOT NULL,
	`service` text,
	`provider` text,
	`request_model` text,
	`response_model` text,
	`declared_label` text,
	`recorded_at` integer NOT NULL,
	`unmapped` integer DEFAULT 0 NOT NULL,
	`unmapped_bytes` integer DEFAULT 0 NOT NULL,
	`unmapped_last_at` integer
);
--> statement-breakpoint
CREATE UNIQUE INDEX `origins_identity_unique` ON `origins` (`identity`);--> statement-breakpoint
CREATE INDEX `origins_request_model` ON `origins` (`request_model`);--> statement-breakpoint
CREATE INDEX `origins_response_model` ON `origins` (`response_model`);--> statement-breakpoint
CREATE TABLE `text_keys` (
	`block_id` integer PRIMARY KEY NOT NULL,
	`keys` blob NOT NULL
);
--> statement-breakpoint
ALTER TABLE `traces` RENAME TO `traces_before`;--> statement-breakpoint
DROP INDEX `traces_label_time`;--> statement-breakpoint
DROP INDEX `traces_time`;--> statement-breakpoint
DROP INDEX `traces_declared`;--> statement-breakpoint
CREATE TABLE `traces` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`label_id` integer,
	`label_by` text,
	`origin_id` integer,
	`started_at` integer NOT NULL,
	`ended_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`decision` text,
	`blob_id` text,
	`context` text,
	`turn` integer,
	`input_hash` blob,
	`output_hash` blob,
	`input_exact` integer NOT NULL,
	`input_ref` integer,
	`output_ref` integer,
	`attributes_ref` integer,
	`bytes` integer NOT NULL,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`origin_id`) REFERENCES `origins`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `traces_label_time` ON `traces` (`label_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `traces_time` ON `traces` (`started_at`);--> statement-breakpoint
CREATE INDEX `traces_declared` ON `traces` (`label_id`,`started_at`) WHERE blob_id IS NOT NULL;--> statement-breakpoint
CREATE INDEX `traces_unmapped` ON `traces` (`origin_id`,`started_at`) WHERE label_id IS NULL;--> statement-breakpoint
CREATE INDEX `traces_blob` ON `traces` (`blob_id`,`label_id`) WHERE blob_id IS NOT NULL AND origin_id IS NOT NULL;--> statement-breakpoint
ALTER TABLE `labels` ADD `trace_bytes` integer DEFAULT 0 NOT NULL;