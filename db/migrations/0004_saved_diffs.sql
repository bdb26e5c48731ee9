CREATE TABLE `diff_traces` (
	`trace_seq` integer NOT NULL,
	`diff_id` text NOT NULL,
	PRIMARY KEY(`trace_seq`, `diff_id`),
	FOREIGN KEY (`diff_id`) REFERENCES `diffs`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `diff_traces_diff` ON `diff_traces` (`diff_id`);--> statement-breakpoint
CREATE TABLE `diffs` (
	`id` text PRIMARY KEY NOT NULL,
	`label_id` integer NOT NULL,
	`created_at` integer NOT NULL,
	`verdict` text NOT NULL,
	`summary` text NOT NULL,
	`before` text NOT NULL,
	`after` text NOT NULL,
	`held` integer DEFAULT 0 NOT NULL,
	`bytes` integer NOT NULL,
	`body` blob NOT NULL,
	FOREIGN KEY (`label_id`) REFERENCES `labels`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `diffs_created` ON `diffs` (`created_at`,`id`);