namespace Vsmtp.Rules.Objects;

/// <summary><c>identifier</c>: any text, meant for local parts; compared letter by letter.</summary>
internal sealed class IdentifierObject(string text) : VslObject
{
    public override string Kind => "identifier";

    public override string ToText() => text;

    protected override bool Equals(VslObject other) => other is IdentifierObject && EqualsText(other.ToText());

    protected override bool EqualsText(string other) => text == other;
}
