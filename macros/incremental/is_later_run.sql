{#
    Whether a model of the strategy `untouched` may look at its own rows of the run before. Unlike is_incremental() it asks
    for no connection when only compiled.
    in:  is_later_run() in the second run     out: true
#}
{% macro is_later_run() %}
    {{ return(execute and flags.WHICH in ['run', 'build'] and not should_full_refresh()) }}
{% endmacro %}
