-- The company's own accounts, a handful among a million, without reading whose all the others are.
create index ownership_company_ix on ownership (account_id) where company;

-- The last of an action: when everything was counted again, which months of deliveries were dropped.
create index audit_action_ix on audit (action, id);
