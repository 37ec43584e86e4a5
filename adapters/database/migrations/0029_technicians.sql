-- Accounts of a subscriber's own technicians; and the form by which a token was made, so that it makes no second one.

ALTER TABLE access.accounts DROP CONSTRAINT accounts_role_check;
ALTER TABLE access.accounts ADD CONSTRAINT accounts_role_check
    CHECK (role IN ('coordinator', 'officer', 'approver', 'auditor', 'administrator', 'technician'));

ALTER TABLE access.tokens ADD COLUMN made_by uuid UNIQUE; -- the command key; NULL where there was no form
ALTER TABLE access.tokens ADD COLUMN rotated_by uuid; -- of the last rotation, so that a double click makes no second one
