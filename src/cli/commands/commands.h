// The functions behind the table of commands, one file a group.
#pragma once

#include "cli/command.h"

namespace sekisho::cli {

// status.cpp
Exit show_status(Context&, const Words&);
Exit show_counters(Context&, const Words&);
// alerts.cpp
Exit list_alerts(Context&, const Words&);
Exit show_alert(Context&, const Words&);
Exit get_evidence(Context&, const Words&);
Exit verify_evidence(Context&, const Words&);
// quarantine.cpp
Exit add_quarantine(Context&, const Words&);
Exit remove_quarantine(Context&, const Words&);
Exit list_quarantine(Context&, const Words&);
// orders.cpp: the SOC's word on it
Exit apply_order(Context&, const Words&);
Exit make_order(Context&, const Words&);
Exit make_order_key(Context&, const Words&);
// rules_show.cpp: what looks at rules
Exit list_rules(Context&, const Words&);
Exit show_rule(Context&, const Words&);
Exit check_rules(Context&, const Words&);
Exit explain_rule(Context&, const Words&);
// rules_change.cpp: what changes them
Exit add_rule(Context&, const Words&);
Exit remove_rule(Context&, const Words&);
Exit enable_rule(Context&, const Words&);
Exit disable_rule(Context&, const Words&);
Exit drop_rule(Context&, const Words&);
Exit alert_rule(Context&, const Words&);
Exit reload_rules(Context&, const Words&);
// rules_import.cpp
Exit import_rules(Context&, const Words&);
// url.cpp
Exit test_url(Context&, const Words&);
Exit allow_url(Context&, const Words&);
Exit deny_url(Context&, const Words&);
Exit remove_url(Context&, const Words&);
Exit list_urls(Context&, const Words&);
Exit list_categories(Context&, const Words&);
// url_update.cpp
Exit update_urls(Context&, const Words&);
Exit import_urls(Context&, const Words&);
Exit forget_urls(Context&, const Words&);
// why.cpp
Exit show_url_stats(Context&, const Words&);
Exit test_mail(Context&, const Words&);
Exit make_report(Context&, const Words&);
Exit why(Context&, const Words&);
// config_show.cpp
Exit show_config(Context&, const Words&);
Exit check_config(Context&, const Words&);
Exit diff_config(Context&, const Words&);
Exit show_history(Context&, const Words&);
Exit show_keys(Context&, const Words&);
// config_change.cpp
Exit set_config(Context&, const Words&);
Exit commit_config(Context&, const Words&);
Exit discard_config(Context&, const Words&);
Exit rollback_config(Context&, const Words&);
// about.cpp
Exit show_version(Context&, const Words&);
Exit show_help(Context&, const Words&);
Exit print_settings_reference(Context&, const Words&);
Exit print_config_example(Context&, const Words&);
Exit print_command_reference(Context&, const Words&);
// shell.cpp
Exit run_shell(Context&, const Words&);

}  // namespace sekisho::cli
