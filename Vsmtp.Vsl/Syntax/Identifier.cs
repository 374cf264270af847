namespace Vsmtp.Vsl.Syntax;

/// <summary>A name in the source: a parameter, or what an import, export or declaration calls something.</summary>
internal readonly record struct Identifier(string Name, SourceSpan Span);
