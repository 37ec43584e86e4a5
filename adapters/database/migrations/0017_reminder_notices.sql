-- Reminders become notices: from here on, what was given before tells nobody anything new.

INSERT INTO office.cursors SELECT 'reminders', coalesce(max(position), 0) FROM office.reminders;
