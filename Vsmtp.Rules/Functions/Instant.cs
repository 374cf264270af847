using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary>A point of time of the transaction; its text is the seconds since 1970 in whole numbers.</summary>
internal sealed class Instant(DateTimeOffset time) : HostObject
{
    public override string TypeName => "SystemTime";

    public override string ToText() => time.ToUnixTimeSeconds().ToString();

    public override string ToDebug() => time.ToString("O");

    public override bool? IsEqualTo(Value other) => other.TryAsHost<Instant>(out var right) ? ToDebug() == right.ToDebug() : null;
}
