namespace Vsmtp.Configuration.Toml;

/// <summary>How a table came to be, which decides what may still be added to it (TOML 1.0.0, "Table").</summary>
internal enum TomlTableOrigin
{
    /// <summary>On the way of a longer header: its own header may still come, once.</summary>
    Implied,

    /// <summary>By its own header, an element of an array of tables, or the root.</summary>
    Header,

    /// <summary>On the way of a dotted key: longer headers may go through it, its own may not come.</summary>
    Dotted,

    /// <summary>In braces: complete.</summary>
    Inline,
}
