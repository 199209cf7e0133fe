#pragma once
#include <sqlite3.h>

/* Variable arguments, which Swift cannot pass. */
static inline int workmap_sqlite3_enable_triggers(sqlite3 *database, int enabled) {
    return sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_TRIGGER, enabled, (int *)0);
}
