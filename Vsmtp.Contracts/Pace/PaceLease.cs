namespace Vsmtp.Contracts.Pace;

/// <summary>A worker's share.</summary>
/// <param name="Width">Mails that it may have under way at once. What is under way beyond that ends as it would.</param>
/// <param name="Duration">For so long, unless it asks again.</param>
/// <param name="Pause">For so long nobody is to be asked; zero: go on.</param>
/// <param name="Fault">Why, where there is a pause.</param>
[GenerateSerializer, Immutable, Alias("vsmtp.pace-lease")]
public sealed record PaceLease(
    [property: Id(0)] int Width, [property: Id(1)] TimeSpan Duration, [property: Id(2)] TimeSpan Pause, [property: Id(3)] string Fault);
