namespace Vsmtp.Contracts.Mail;

/// <summary>Why a recipient was not served at the last attempt, as a notification says it (RFC 3464 §2.3).</summary>
[GenerateSerializer, Immutable, Alias("vsmtp.delivery-failure")]
public sealed record DeliveryFailure
{
    /// <summary>An enhanced status code (RFC 3463), as <c>4.4.1</c>.</summary>
    [Id(0)] public string Status { get; init; } = "";

    /// <summary>The name of the server that decided; null when none did.</summary>
    [Id(1)] public string? Server { get; init; }

    /// <summary>What that server said, its lines with their codes.</summary>
    [Id(2)] public string? Reply { get; init; }

    [Id(3)] public DateTimeOffset At { get; init; }
}
