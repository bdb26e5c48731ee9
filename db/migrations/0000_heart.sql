CREATE TABLE `answer_marks` (
	`label_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`sha256` text,
	PRIMARY KEY(`label_id`, `seq`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `answers` (
	`sha256` text PRIMARY KEY NOT NULL,
	`bytes` integer NOT NULL,
	`body` text,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `artifact_files` (
	`artifact_id` text NOT NULL,
	`path` text NOT NULL,
	`blob_id` text NOT NULL,
	`size` integer,
	PRIMARY KEY(`artifact_id`, `path`),
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`artifact_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `artifact_files_blob` ON `artifact_files` (`blob_id`,`artifact_id`);--> statement-breakpoint
CREATE TABLE `artifacts` (
	`artifact_id` text PRIMARY KEY NOT NULL,
	`recorded_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `changes` (
	`label_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`kind` text NOT NULL,
	`from_artifact` text,
	`to_artifact` text,
	`after` integer,
	`before` integer NOT NULL,
	`detected_at` integer NOT NULL,
	`retired_at` integer,
	PRIMARY KEY(`label_id`, `seq`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`from_artifact`) REFERENCES `artifacts`(`artifact_id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`to_artifact`) REFERENCES `artifacts`(`artifact_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `changes_detected` ON `changes` (`detected_at`,`label_id`,`seq`);--> statement-breakpoint
CREATE TABLE `chunks` (
	`id` integer PRIMARY KEY NOT NULL,
	`label_id` integer NOT NULL,
	`artifact_id` text,
	`first_seq` integer NOT NULL,
	`first_recorded_at` integer NOT NULL,
	`first_requested_at` integer NOT NULL,
	`first_received_at` integer NOT NULL,
	`last_requested_at` integer NOT NULL,
	`last_received_at` integer NOT NULL,
	`observations` integer NOT NULL,
	`max_gap_ms` integer NOT NULL,
	`last_seq` integer NOT NULL,
	`least_recorded_at` integer NOT NULL,
	`most_recorded_at` integer NOT NULL,
	`packed` blob NOT NULL,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`artifact_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `chunks_time` ON `chunks` (`label_id`,`first_received_at`,`first_requested_at`);--> statement-breakpoint
CREATE TABLE `conflicts` (
	`label_id` integer NOT NULL,
	`blob_id` text NOT NULL,
	`told_after` integer NOT NULL,
	PRIMARY KEY(`label_id`, `blob_id`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `events` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`type` text NOT NULL,
	`subject` text NOT NULL,
	`recorded_at` integer NOT NULL,
	`data` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `events_id_unique` ON `events` (`id`);--> statement-breakpoint
CREATE TABLE `failed_readings` (
	`label_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`requested_at` integer NOT NULL,
	`received_at` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`code` text NOT NULL,
	`message` text NOT NULL,
	`answer_sha256` text,
	PRIMARY KEY(`label_id`, `seq`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `failed_readings_time` ON `failed_readings` (`label_id`,`requested_at`,`received_at`,`seq`);--> statement-breakpoint
CREATE TABLE `label_settings` (
	`label_id` integer NOT NULL,
	`recorded_at` integer NOT NULL,
	`every_ms` integer NOT NULL,
	`clock_skew_ms` integer NOT NULL,
	`serving_lag_ms` integer NOT NULL,
	PRIMARY KEY(`label_id`, `recorded_at`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `labels` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`source` text,
	`created_at` integer,
	`removed_at` integer,
	`every_ms` integer DEFAULT 0 NOT NULL,
	`clock_skew_ms` integer DEFAULT 0 NOT NULL,
	`serving_lag_ms` integer DEFAULT 0 NOT NULL,
	`next_seq` integer DEFAULT 1 NOT NULL,
	`first_received_at` integer,
	`last_requested_at` integer,
	`last_recorded_at` integer,
	`longest_trace_ms` integer DEFAULT 0 NOT NULL,
	`last_attempt_at` integer,
	`last_success_at` integer,
	`consecutive_failures` integer DEFAULT 0 NOT NULL,
	`last_error_code` text,
	`last_error_message` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `labels_name_unique` ON `labels` (`name`);--> statement-breakpoint
CREATE TABLE `runs` (
	`label_id` integer NOT NULL,
	`artifact_id` text,
	`first_seq` integer NOT NULL,
	`first_recorded_at` integer NOT NULL,
	`first_requested_at` integer NOT NULL,
	`first_received_at` integer NOT NULL,
	`last_requested_at` integer NOT NULL,
	`last_received_at` integer NOT NULL,
	`observations` integer NOT NULL,
	`max_gap_ms` integer NOT NULL,
	`after` integer NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`label_id`, `first_seq`),
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`artifact_id`) REFERENCES `artifacts`(`artifact_id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `runs_until` ON `runs` (`label_id`,`until`,`first_received_at`);--> statement-breakpoint
CREATE INDEX `runs_artifact` ON `runs` (`artifact_id`,`label_id`);--> statement-breakpoint
CREATE TABLE `traces` (
	`seq` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`label_id` integer NOT NULL,
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
	`input` text,
	`output` text,
	`attributes` text,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `traces_id_unique` ON `traces` (`id`);--> statement-breakpoint
CREATE INDEX `traces_label_time` ON `traces` (`label_id`,`started_at`);--> statement-breakpoint
CREATE INDEX `traces_time` ON `traces` (`started_at`);--> statement-breakpoint
CREATE INDEX `traces_declared` ON `traces` (`label_id`,`started_at`) WHERE blob_id IS NOT NULL;