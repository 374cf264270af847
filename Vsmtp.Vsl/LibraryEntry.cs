namespace Vsmtp.Vsl;

/// <summary>One function of the standard library, for the reference.</summary>
/// <param name="Calls">
/// How it is called, each overload, with a letter for the receiver: <c>s</c> string, <c>a</c> array, <c>m</c> map, <c>n</c> number,
/// <c>i</c> integer, <c>b</c> blob, <c>r</c> range, <c>t</c> timestamp, <c>f</c> function, <c>x</c> several kinds.
/// </param>
/// <param name="Text">What it gives or does, in Markdown.</param>
public sealed record LibraryEntry(IReadOnlyList<string> Calls, string Text);

/// <summary>A chapter of <see cref="LibraryReference"/>.</summary>
public sealed record LibraryGroup(string Title, string Text, IReadOnlyList<LibraryEntry> Entries);
