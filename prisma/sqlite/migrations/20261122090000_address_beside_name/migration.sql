-- Names that begin alike lie together in the order of addresses, too: the indexes of both names carry the address, so that a
-- broad prefix is sorted by address without a look at the rows.
DROP INDEX "unauthorized_clients_client_id";
DROP INDEX "unauthorized_clients_username";
CREATE INDEX "unauthorized_clients_client_id"
    ON "unauthorized_clients"("generation", "client_id", "id", "class_id", "ip_key");
CREATE INDEX "unauthorized_clients_username"
    ON "unauthorized_clients"("generation", "username", "id", "class_id", "ip_key");
