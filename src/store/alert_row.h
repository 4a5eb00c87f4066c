// One alert as one table row: the same list of columns serves insert, select and both directions.
#pragma once

#include <string>

#include "sekisho/event/alert.h"
#include "store/sqlite.h"

namespace sekisho::store {

/// Column names in the order bind_alert() and read_alert() use, for both alert and telling tables.
constexpr const char* kAlertColumns =
    "id,telling,severity,outcome,bearing,open,class_name,cause,host,mac,peers,peers_more,first_ns,last_ns,count,blocked,"
    "gid,sid,rev,signature,category,app,target,url,src,dst,src_port,dst_port,ip_protocol,flow_id,via,"
    "title_ja,title_en,reason_ja,reason_en,advice_ja,advice_en,"
    "host_name,host_os,host_vendor,via_how,answered,days,total,hosts,notice,folded_medium,folded_low,guide_ja,guide_en,reported_by";
constexpr int kAlertColumnCount = 51;

/// "?,?,..." for all columns.
std::string alert_marks();

/// Inserts, or updates in place: REPLACE would take the history rows with it (their cascade).
std::string alert_upsert(const char* table);

/// Texts of an alert that must outlive the statement's run.
struct AlertTexts {
    std::string host, mac, peers, src, dst, via;
};

/// Binds parameters first..first+50. `texts` is filled and must live until the statement ran.
void bind_alert(Statement& statement, int first, const event::Alert& alert, AlertTexts& texts);
/// Reads columns first..first+50. What does not read (a damaged row) becomes the type's default.
event::Alert read_alert(const Statement& statement, int first);

}  // namespace sekisho::store
