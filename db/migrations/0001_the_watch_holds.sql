CREATE TABLE `channels` (
	`id` integer PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`target` text NOT NULL,
	`secret` text,
	`previous_secret` text,
	`previous_secret_until` integer,
	`labels` text,
	`events` text,
	`created_at` integer NOT NULL,
	`removed_at` integer,
	`disabled_at` integer,
	`disabled_reason` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `channels_name_unique` ON `channels` (`name`);--> statement-breakpoint
CREATE TABLE `copies` (
	`taken_at` integer PRIMARY KEY NOT NULL
);
--> statement-breakpoint
CREATE TABLE `deliveries` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`channel_id` integer NOT NULL,
	`event_seq` integer NOT NULL,
	`subject` text NOT NULL,
	`status` text NOT NULL,
	`created_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`due_at` integer NOT NULL,
	`leased` integer DEFAULT 0 NOT NULL,
	`last_attempt_at` integer,
	`last_error_code` text,
	`last_error_message` text,
	`settled_at` integer,
	FOREIGN KEY (`channel_id`) REFERENCES `channels`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`event_seq`) REFERENCES `events`(`seq`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `deliveries_event` ON `deliveries` (`event_seq`,`channel_id`);--> statement-breakpoint
CREATE INDEX `deliveries_channel` ON `deliveries` (`channel_id`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_status` ON `deliveries` (`status`,`id`);--> statement-breakpoint
CREATE INDEX `deliveries_due` ON `deliveries` (`channel_id`,`due_at`) WHERE status = 'pending';--> statement-breakpoint
CREATE INDEX `deliveries_line` ON `deliveries` (`channel_id`,`subject`,`id`) WHERE status IN ('pending', 'waiting');--> statement-breakpoint
CREATE TABLE `lost` (
	`recorded_at` integer PRIMARY KEY NOT NULL,
	`lost_from` integer NOT NULL,
	`lost_to` integer NOT NULL
);
--> statement-breakpoint
ALTER TABLE `answers` ADD `revealing` integer DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE `answers` ADD `dropped_at` integer;--> statement-breakpoint
CREATE INDEX `answers_fading` ON `answers` (`recorded_at`) WHERE revealing = 0 AND body IS NOT NULL;--> statement-breakpoint
ALTER TABLE `labels` ADD `unreadable_since` integer;--> statement-breakpoint
CREATE INDEX `events_time` ON `events` (`recorded_at`,`seq`);