namespace Vsmtp.Delivery;

/// <summary>Event ids of this project's log lines: 5000 to 5099.</summary>
internal static class DeliveryEvents
{
    public const int DelegationSent = 5000;
    public const int DelegationFailed = 5001;
    public const int DelegationFault = 5002;
    public const int ServiceDown = 5003;
    public const int ServiceUp = 5004;
    public const int Poison = 5005;
    public const int CallFailed = 5006;
    public const int OriginRefused = 5007;
    public const int Delivered = 5010;
    public const int DeliveryFault = 5011;
    public const int PolicyTrialFailed = 5012;
    public const int PolicyFetched = 5013;
    public const int PolicyNotFetched = 5014;
    public const int PolicyNotKept = 5015;
    public const int PaceNotShared = 5016;
    public const int CarrierEnded = 5017;
    public const int CarrierSlow = 5018;
    public const int ReportRetried = 5020;
    public const int ReportGivenUp = 5021;
}
