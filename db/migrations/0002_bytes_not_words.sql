CREATE TABLE `blobs` (
	`blob_id` text PRIMARY KEY NOT NULL,
	`state` text DEFAULT 'unchecked' NOT NULL,
	`verify_at` integer,
	`verify_failures` integer DEFAULT 0 NOT NULL,
	`chain_at` integer,
	`told_end_epoch` integer,
	`told_days` integer
);
--> statement-breakpoint
CREATE INDEX `blobs_verify` ON `blobs` (`verify_at`) WHERE verify_at IS NOT NULL;--> statement-breakpoint
CREATE INDEX `blobs_chain` ON `blobs` (`chain_at`) WHERE chain_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `chain_facts` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`blob_id` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`network` text NOT NULL,
	`read_at` integer NOT NULL,
	`confirmed_at` integer NOT NULL,
	`epoch` integer NOT NULL,
	`status` text NOT NULL,
	`certified_epoch` integer,
	`end_epoch` integer,
	`ends_at` integer,
	`ends_at_estimated` integer NOT NULL,
	`deletable` integer,
	`object_id` text,
	`size` integer,
	`attributes` text
);
--> statement-breakpoint
CREATE INDEX `chain_facts_blob` ON `chain_facts` (`blob_id`,`seq`);--> statement-breakpoint
CREATE TABLE `inspections` (
	`blob_id` text NOT NULL,
	`basis` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`body` text NOT NULL,
	PRIMARY KEY(`blob_id`, `basis`)
);
--> statement-breakpoint
CREATE TABLE `verifications` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`blob_id` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`outcome` text NOT NULL,
	`code` text,
	`message` text,
	`aggregator` text,
	`started_at` integer NOT NULL,
	`took_ms` integer NOT NULL,
	`bytes` integer,
	`sha256` text,
	`computed_blob_id` text,
	`retry_after_seconds` integer
);
--> statement-breakpoint
CREATE INDEX `verifications_blob` ON `verifications` (`blob_id`,`seq`);--> statement-breakpoint
INSERT INTO `blobs` (`blob_id`, `verify_at`, `chain_at`) SELECT DISTINCT `blob_id`, 0, 0 FROM `artifact_files`;
