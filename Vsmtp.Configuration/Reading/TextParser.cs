using System.Diagnostics.CodeAnalysis;

namespace Vsmtp.Configuration.Reading;

/// <summary>Makes a value of the text of a key.</summary>
internal delegate bool TextParser<T>(string text, [MaybeNullWhen(false)] out T value);
