CREATE TABLE `change_evidence` (
	`label_id` integer NOT NULL,
	`seq` integer NOT NULL,
	`looked_at` integer NOT NULL,
	`told_at` integer,
	`body` text NOT NULL,
	PRIMARY KEY(`label_id`, `seq`)
);
