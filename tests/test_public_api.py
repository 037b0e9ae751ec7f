"""The names that users write in their own code: they are fixed."""

from __future__ import annotations

from importlib import import_module

import pytest

PUBLIC = {
    "compatshim": "CompatShim",
    "compatshim.testing": "Client LegacyClient client_for legacy_request_context",
    "compatshim.common": """
        request response session c tmpl_context g app_globals config
        url_for url abort redirect render flash streaming_response
        _ gettext ugettext ngettext ungettext pgettext npgettext
        lazy_gettext lazy_ugettext lazy_ngettext lazy_ungettext lazy_pgettext
        lazy_npgettext N_ get_lang set_lang add_fallback force_locale get_locale
        text_direction format_datetime format_date format_time format_timedelta
        format_number format_decimal format_currency format_percent format_scientific
        get_flashed_messages cache h render_mako render_mako_def
        is_flask_request copy_current_context
    """,
    "compatshim.errors": """
        NoRequestError AlreadyInitialisedError WrappedApplicationError
        HTTPException HTTP_EXCEPTIONS UrlBuildError NotForwardedError
        SessionValueError SessionUnavailableError IniError SeveralApplicationsError
        BodyNotReadError NotLegacyError
        CompatShimError NotConfiguredError NotInitialisedError MissingExtraError
        RouteConflictError RouteMappingError SiteUrlError UnboundError
        HelperNotFoundError TemplateNotFoundError HookResultError
        PluginError PartlyRegisteredError
        SessionTooLargeError BeakerOptionError BeakerStoreError
        AliasError BaselineError ChangedFilesError DeprecationStoreError
        ChangedMeanwhileError HistoryFileError ProgramNotFoundError ReportOptionError
        StillLegacyError WatchError WorkerLostError
        ConfigurationError ReportFileError RoutesTableError
    """,
    "compatshim.deprecation": """
        CompatShimDeprecationWarning DeprecatedNameWarning LegacyAttributeWarning
        LegacyControllerWarning LegacyImportWarning LegacyUrlWarning LimitReachedWarning
        CODES Code CallSite Use Recorder recorder first_occurrence look_past
        deprecated deprecated_alias deprecated_names overdue Declaration watch Watch
    """,
    "compatshim.routing": "IndexedMapper",
    "compatshim.ini": "appconfig loadapp asbool asint aslist",
    "compatshim.legacy": """
        request response session cache tmpl_context app_globals config url translator
    """,
    "compatshim.legacy.wsgiapp": "PylonsApp",
    "compatshim.legacy.controllers": "WSGIController",
    "compatshim.legacy.controllers.util": "abort redirect forward etag_cache",
    "compatshim.legacy.templating": "render_jinja2 render_mako render_mako_def",
    "compatshim.legacy.i18n": """
        _ gettext ugettext ngettext ungettext set_lang get_lang add_fallback N_
        lazy_gettext lazy_ugettext lazy_ngettext lazy_ungettext
    """,
    "compatshim.legacy.configuration": "PylonsConfig",
    "compatshim.legacy.middleware": "StatusCodeRedirect ErrorHandler error_mapper",
    "compatshim.legacy.util": "ContextObj AttribSafeContextObj",
}


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, name) for module, names in PUBLIC.items() for name in names.split()],
)
def test_name_can_be_imported(module, name):
    namespace = {}
    exec(f"from {module} import {name}", namespace)
    assert name in namespace


@pytest.mark.parametrize("module", ["compatshim.common", "compatshim.errors"])
def test_no_name_comes_unnoticed(module):
    assert sorted(import_module(module).__all__) == sorted(PUBLIC[module].split())
